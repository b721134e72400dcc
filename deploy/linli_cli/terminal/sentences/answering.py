"""What any command may have to say: that a service says no or is away, that a setting is wrong, and signs between."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    ", ": "、",
    "; ": "；",
    ": ": "：",
    ":": "：",
    ".": "。",
    " and ": "、",
    " or ": " 或 ",
    "Error:": "错误：",
    # services
    "{service} answered {status}: {said}": "{service} 答复 {status}：{said}",
    "Reassign them first: linli cases --party ID   Each: linli act CASE reassign --to PARTY": (
        "请先改派：linli cases --party ID   逐件：linli act CASE reassign --to PARTY"
    ),
    "Load a community first: linli community load deploy/community/fushan-road": (
        "请先加载街道资料：linli community load deploy/community/fushan-road"
    ),
    "The key is LINLI_KEY_FILE's, or else <LINLI_HOME>/secrets/operator.key. Is it this deployment's?": (
        "使用的密钥来自 LINLI_KEY_FILE，否则来自 <LINLI_HOME>/secrets/operator.key。它属于这套系统吗？"
    ),
    "Another program has the port. What should run where: linli status": (
        "端口被别的程序占用。各服务应在哪里运行：linli status"
    ),
    "What answers at {url} is not Linli's {service}.": "在 {url} 应答的不是邻里的 {service}。",
    "{service} at {url} does not answer ({error}).": "{service}（{url}）没有应答（{error}）。",
    "Start it with: {start}   What runs: linli status": "启动：{start}   运行情况：linli status",
    # the deployment that is meant
    "Linli is not running: {name} is stopped, or was never started.": "邻里没有运行：{name}已停止，或从未启动。",
    "Start it: {start}   Or go to the directory where it runs, or set LINLI_HOME (or LINLI_TARGET).": (
        "启动：{start}   或者到运行它的目录去，或者设置 LINLI_HOME（或 LINLI_TARGET）。"
    ),
    "No stack was ever started in {parent}: go to the directory where it runs, or set LINLI_HOME (or LINLI_TARGET).": (
        "{parent} 中从未启动过：请到运行它的目录去，或者设置 LINLI_HOME（或 LINLI_TARGET）。"
    ),
    "This installation holds no embedded stack, and LINLI_TARGET names no other deployment.": (
        "这里没有安装内置的整套服务，LINLI_TARGET 也没有指明别的部署。"
    ),
    "Set LINLI_TARGET to compose or addresses, or install linli-deploy[embedded].": (
        "请把 LINLI_TARGET 设为 compose 或 addresses，或者安装 linli-deploy[embedded]。"
    ),
    "the stack of {home} (LINLI_HOME)": "{home}（LINLI_HOME）的整套服务",
    "the docker compose deployment": "docker compose 部署",
    "the deployment at the addresses of the LINLI_ variables": "LINLI_ 变量所指的部署",
    "where it was installed": "在安装它的地方",
    "With LINLI_TARGET=addresses every address is a variable: docs/cli.md lists them.": (
        "LINLI_TARGET=addresses 时，每个地址都是一个变量，见 docs/cli.md。"
    ),
    "LINLI_TARGET is compose, and there is no `docker` on this machine's PATH.": (
        "LINLI_TARGET 是 compose，但这台机器的 PATH 中没有 `docker`。"
    ),
    "Install Docker with its Compose plugin, or unset LINLI_TARGET for the embedded stack.": (
        "请安装 Docker 及其 Compose 插件；要用内置的整套服务，请取消 LINLI_TARGET。"
    ),
    "`docker {arguments}` failed: {said}": "`docker {arguments}` 失败：{said}",
    "`docker {arguments}` did not answer within {seconds} s.": "`docker {arguments}` 在 {seconds} 秒内没有应答。",
    "Look at it with: docker info": "请用 docker info 查看。",
    "exit code {returncode}": "退出码 {returncode}",
    "Run the command in the checkout that the deployment was started from; with more than one file or another project "
    "name set COMPOSE_FILE and COMPOSE_PROJECT_NAME as for docker compose. To start it: docker compose up --wait": (
        "请在启动部署的目录中运行；有多个文件或另取了项目名时，像 docker compose 那样设置 COMPOSE_FILE 和 "
        "COMPOSE_PROJECT_NAME。启动：docker compose up --wait"
    ),
    # settings
    "Correct the variable, or unset it to use the default.": "请改正这个变量，或者取消它以使用默认值。",
    "{taken} and {variable} are both {port}; each needs a port of its own": (
        "{taken} 和 {variable} 都是 {port}，端口不能相同"
    ),
    "{setting} is no language of Linli's: zh-CN or en.": "{setting} 不是邻里支持的语言，应为 zh-CN 或 en。",
    # values, as a library finds them (linli_cli/terminal/errors.py)
    "is missing": "没有填写",
    "is not known here": "不是这里的字段",
    "is longer than {0} {1}": "超过 {0} {1}",
    "is empty": "是空的",
    "is shorter than {0} {1}": "不足 {0} {1}",
    "has not the form it needs": "写法不符合要求",
    "is less than {0}": "小于 {0}",
    "is more than {0}": "大于 {0}",
    "is not more than {0}": "应大于 {0}",
    "is not less than {0}": "应小于 {0}",
    "is no time": "不是时间",
    "is no number": "不是数字",
    "has no zone; write it like 2026-03-01T08:30+08:00": "没有时区，请写成 2026-03-01T08:30+08:00",
    "is neither true nor false": "应为 true 或 false",
    "is no text": "不是文字",
    "is no {0}": "不是{0}",
    "is not {0}": "应为 {0}",
}
