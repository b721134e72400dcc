"""What it would take to accept a finding about something that was seen and nobody declared."""

from collections.abc import Mapping
from dataclasses import dataclass

from linli.contracts.topics import Topic, as_deployed
from linli.web.localized import Localized
from portal.topology.accepting import ByHand, patch, with_group, with_topic
from portal.topology.domain.declared import Declared
from portal.topology.domain.findings import Finding, Rule
from portal.topology.domain.sample import Sample

OWN = Topic(name="own", key="")
"""A topic of an operator's own has the settings that all have."""
ACCEPTABLE = frozenset({Rule.UNDECLARED_TOPIC, Rule.UNDECLARED_GROUP, Rule.TOPIC_DIFFERS})
"""Rules of which a file of this deployment can say that it is meant to be so."""
WHY_NOT: Mapping[Rule, Localized] = {
    Rule.UNDECLARED_PRODUCER: Localized(
        "No contract can say this: Kafka does not record who wrote. A program of your own needs a topic of its own "
        "(deploy/topics.yaml); an event of a service is declared in shared/linli/contracts, by its SOURCE and TOPIC.",
        "契约无法表达这一点：Kafka 不记录是谁写入的。自己的程序应使用自己的主题（deploy/topics.yaml）；"
        "服务的事件在 shared/linli/contracts 中以 SOURCE 和 TOPIC 声明。",
    ),
    Rule.ACL_UNDECLARED: Localized(
        "No contract can say this: a service's rights follow from what its contexts read and write, a partner's from "
        "what workflow gives it. Take the right away, or change the context (`reads` in the service's main.py).",
        "契约无法表达这一点：服务的权限由其模块读写的主题得出，合作单位的权限由 workflow 决定。"
        "请收回权限，或修改模块（该服务 main.py 中的 `reads`）。",
    ),
}
NOTHING_TO_ACCEPT = Localized(
    "There is nothing to accept: this is amiss, and not something that was seen and nobody declared.",
    "没有可接受的内容：这是异常，不是见到却未声明的东西。",
)
NOT_SEEN = Localized(
    "What it is like has not been seen yet; ask again in a minute.", "还没有看到它的具体情况，请一分钟后再试。"
)
ALREADY = Localized(
    "The file says so already, or cannot say it: Kafka lacks a setting that is declared. Type: linli topics apply",
    "文件已经这样写，或无法表达：Kafka 上缺少已声明的设置。请输入：linli topics apply",
)
NOTE = Localized(
    "Review it, and apply it where the repository is: git apply. Then linli topics apply, which sets what else is "
    "declared for every topic, and start the portal anew.",
    "请审阅后在代码仓库中应用：git apply。然后运行 linli topics apply（它会设置所有主题共有的其他设置），"
    "并重新启动门户。",
)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The patch, or why there can be none."""

    patch: str | None
    said: Localized
    """What is to be done with it, or why there is none."""


def acceptance(finding: Finding, declared: Declared, newest: Sample | None, text: str | None) -> Acceptance:
    """`text` is the file as the portal has read it; None: it has none."""
    try:
        return _acceptance(finding, declared, newest, text)
    except ByHand as entry:
        english = "The file is written in a way that a patch would break. Write this into it by hand: {entry}"
        return Acceptance(None, Localized(english, "该文件的写法无法自动打补丁，请手工写入：{entry}", entry=entry))


def _acceptance(finding: Finding, declared: Declared, newest: Sample | None, text: str | None) -> Acceptance:
    if finding.rule not in ACCEPTABLE:
        return Acceptance(None, WHY_NOT.get(finding.rule, NOTHING_TO_ACCEPT))
    name = finding.node.partition(":")[2]
    before = text or ""
    if finding.rule is Rule.UNDECLARED_GROUP:
        after = with_group(before, name, "say here what it is for")
    else:
        seen = newest.topics.get(name) if newest else None
        if seen is None or not seen.partitions:
            return Acceptance(None, NOT_SEEN)
        here = declared.topics.get(name)
        meant = here.config if here else as_deployed(OWN)[1]
        config = {key: value for key, value in seen.config.items() if meant.get(key) != value}
        if here:  # what is otherwise; a setting that nobody declared is nobody's business
            config = {key: value for key, value in config.items() if key in meant}
        after = with_topic(before, name, seen.partitions, config)
    found = patch(before, after, is_new=text is None)
    return Acceptance(found, NOTE) if found else Acceptance(None, ALREADY)
