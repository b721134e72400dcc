"""Problems in Chinese, on request: residents read them on the page from which they submit."""

import re
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

from linli.contracts.kinds import Language
from linli.web.localized import Localized, in_chinese, of_error
from linli.web.problems import Problem

ANSWER_IN: ContextVar[Language] = ContextVar("linli_answer_in", default=Language.EN)
"""What the request under way asks to be answered in; set at the edge."""

WORDS: Mapping[str, tuple[str, str]] = {
    "body_encoded": ("内容被压缩", "请直接发送内容，不要压缩（不要使用 Content-Encoding）。"),
    "body_too_large": ("内容太大", "发送的内容太大，请减少文字或照片后再试。"),
    "body_too_slow": ("发送太慢", "内容没有在规定时间内传完，请在网络较好时再试。"),
    "busy": ("正在处理", "正在试算另一份草案，请稍后再试。"),
    "case_changed": ("事项已有变化", "您看过之后事项已有变化，请重新查看后再操作。"),
    "category_kind_mismatch": ("类别不适用", "这个类别不适用于这种事项，请换一个类别。"),
    "community_retired": ("不再受理", "这个街道已停止受理新的事项，请联系现在负责的街道。"),
    "community_needed": ("请选择街道", "请说明是哪个街道，或者选择小区。"),
    "community_not_loaded": ("尚未就绪", "这里还没有街道资料，请稍后再试，或联系管理人员。"),
    "community_too_large": ("街道资料太大", "街道资料太大，无法发布。"),
    "disk_nearly_full": ("暂时不能上传照片", "存放照片的空间快满了，请稍后再传；文字仍可提交。"),
    "erased": ("已删除", "这件事项的内容已经删除，不能再操作。"),
    "forbidden": ("没有权限", "您的密钥不能进行这项操作。"),
    "id_mismatch": ("编号不一致", "地址中的编号与内容中的编号不一致。"),
    "idempotency_key_reused": ("重复的请求编号", "这个请求编号已用于另一项内容，请换一个编号再提交。"),
    "if_match_malformed": ("版本号有误", "请求中的版本号无法识别。"),
    "if_match_needed": ("缺少版本号", "请说明您看过的是哪个版本。"),
    "intake_unavailable": ("暂时看不到照片", "保存照片的服务没有应答，请稍后再试。"),
    "internal_error": ("系统出错", "系统内部出错，已经记录，请稍后再试。"),
    "invalid": ("内容有误", "有些内容不符合要求，请按提示修改后再提交。"),
    "issuer_unavailable": ("暂时无法登录", "暂时无法核对登录信息，请稍后再试。"),
    "key_not_confirmed": ("暂时无法核对密钥", "暂时无法确认密钥仍然有效，请稍后再试。"),
    "malformed_json": ("格式有误", "发送的内容不是有效的 JSON。"),
    "method_not_allowed": ("不支持的操作", "这个地址不支持这种操作。"),
    "no_channel": ("没有联系方式", "没有可以使用的联系方式。"),
    "no_follow_up": ("现在不能评价", "事项尚未办结、已经结案、办结已满14天，或者已修改多次，现在不能作答。"),
    "no_more_photos": ("照片太多", "照片已达到上限，不能再添加。"),
    "nobody_named": ("未说明是谁", "请提供居民编号、电话、邮箱、查询码或受理编号中的一项。"),
    "no_such_key": ("不能有这样的密钥", "不能有这样的密钥，请核对角色、单位、街道、渠道和权限。"),
    "not_given_up": ("不能重试", "只有已放弃的通知才能重试。"),
    "not_in_cases": ("这里查不到", "事项中不保存这种内容，请换一种方式查找。"),
    "nothing_to_correct": ("没有要更正的内容", "更正的内容与现在的一样。"),
    "not_a_photo": ("不是照片", "文件不是 JPEG、PNG 或 WebP 格式的照片，请换一张。"),
    "not_allowed": ("现在不能这样做", "事项目前的状态不允许这项操作。"),
    "not_found": ("没有找到", "没有找到您要的内容。"),
    "not_migrated": ("尚未就绪", "系统正在升级，请稍后再试。"),
    "not_multipart": ("照片格式有误", "请以表单（multipart/form-data）的形式在“photo”一栏上传照片。"),
    "not_theirs": ("不属于该单位", "该单位既不负责这件事项，也不是其上级。"),
    "overloaded": ("系统繁忙", "现在使用的人太多，请稍后再试。"),
    "party_has_cases": ("单位还有未办结事项", "该单位还有未办结的事项，请先改派。"),
    "photos_busy": ("照片正在处理", "同时上传的照片太多，请稍后再试。"),
    "photo_of_another_stage": ("照片属于另一阶段", "这张照片已作为另一阶段的照片保存。"),
    "photo_too_large": ("照片太大", "照片太大，请缩小后再上传。"),
    "request_in_flight": ("正在处理", "同一请求正在处理，请稍后再试。"),
    "still_not_applicable": ("仍然无法处理", "这条记录仍然无法处理。"),
    "storage_unavailable": ("暂时无法保存", "系统暂时无法保存，请稍后用同一请求编号再试一次，不会重复受理。"),
    "too_many_at_once": ("请求太频繁", "请等上一次的结果出来后再试。"),
    "too_many_photos": ("今天的照片太多", "今天的照片已达到上限，请明天再传；文字仍可提交。"),
    "too_many_connections": ("连接太多", "来自您所在网络的连接太多，请稍后再试。"),
    "too_many_requests": ("请求太频繁", "请求太频繁，请稍后再试。"),
    "too_many_streams": ("打开的页面太多", "同时查看进展的页面太多，请稍后再试。"),
    "unauthorised": ("需要密钥", "这项操作需要有效的密钥。"),
    "unknown_category": ("没有这个类别", "没有这个类别，请重新选择。"),
    "unknown_community": ("没有这个街道", "没有这个街道，请重新选择。"),
    "unknown_neighbourhood": ("没有这个小区", "没有这个小区，请重新选择。"),
    "unknown_evidence": ("没有这张照片", "这件事项没有这张照片。"),
    "unknown_party": ("没有这个单位", "街道里没有这个单位。"),
    "unknown_tracking_code": ("查不到", "查不到这个查询码，请核对后再试。刚提交的事项，几秒钟后才能查到。"),
}
"""Slug → title and detail. One that is not here is told by its status."""
_BY_STATUS = {4: ("无法办理", "请求无法办理，请核对后再试。"), 5: ("系统出错", "系统暂时不能处理，请稍后再试。")}

_FIELDS: Mapping[str, tuple[str, str]] = {
    "missing": ("必填", "is required"),
    "string_too_short": ("至少要有 {min_length} 个字", "must have at least {min_length} characters"),
    "string_too_long": ("不能超过 {max_length} 个字", "must have at most {max_length} characters"),
    "too_short": ("至少要有 {min_length} 项", "must have at least {min_length} items"),
    "too_long": ("不能超过 {max_length} 项", "must have at most {max_length} items"),
    "extra_forbidden": ("没有这一栏", "is no field that is known here"),
    "enum": ("不在可选的范围内：{expected}", "is none of {expected}"),
    "literal_error": ("不在可选的范围内：{expected}", "is none of {expected}"),
    "string_pattern_mismatch": ("写法不符合要求", "has not the form that is wanted here"),
    "greater_than_equal": ("不能小于 {ge}", "must be {ge} or more"),
    "less_than_equal": ("不能大于 {le}", "must be {le} or less"),
    "greater_than": ("应当大于 {gt}", "must be more than {gt}"),
    "less_than": ("应当小于 {lt}", "must be less than {lt}"),
    "timezone_aware": ("要写明时区，例如 2026-03-01T08:30:00+08:00", "must name its zone: 2026-03-01T08:30:00+08:00"),
    "json_invalid": ("不是有效的 JSON", "is no JSON"),
}
"""pydantic's type of an error → what is wrong with the field, in Chinese and in English."""
_KINDS: Mapping[str, tuple[str, str]] = {
    "string": ("应当是文字", "must be text"),
    "int": ("应当是整数", "must be a whole number"),
    "float": ("应当是数字", "must be a number"),
    "finite": ("应当是数字", "must be a number"),
    "bool": ("应当是“是”或“否”", "must be true or false"),
    "datetime": ("应当是时间，例如 2026-03-01T08:30:00+08:00", "must be a time such as 2026-03-01T08:30:00+08:00"),
    "date": ("应当是日期，例如 2026-03-01", "must be a day such as 2026-03-01"),
    "time": ("应当是一天中的时刻，例如 08:30", "must be a time of day such as 08:30"),
    "url": ("应当是网址", "must be a web address"),
    **dict.fromkeys(("dict", "model", "dataclass"), ("应当是一组栏目", "must be an object")),
    **dict.fromkeys(("list", "tuple", "set", "frozen"), ("应当是列表", "must be a list")),
}
"""What such a type begins with → what the value should be."""
_OURS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        ("this is no telephone number", "不是有效的电话号码，例如 139 0000 0101 或 0532-8765 4321"),
        ("email address", "不是有效的电子邮箱地址"),
        ("control character", "含有不能使用的控制字符"),
        ("nobody could see|anybody could see", "没有可以看见的文字"),
        ("lies? in the future", "时间不能在将来"),
        ("more fields here", "栏目太多"),
    )
)
"""What our own checks say."""
_ELSE = "填写有误"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def wanted(accept_language: str) -> Language:
    """Chinese where the header prefers it to English; else English (RFC 9110, section 12.5.4)."""
    best = {"zh": 0.0, "en": 0.0}
    for part in accept_language[:500].split(","):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        language = name.partition("-")[0]
        if language in best:
            best[language] = max(best[language], _weight(parameters))
    return Language.ZH if best["zh"] > best["en"] else Language.EN


def _weight(parameters: list[str]) -> float:
    for each in parameters:
        if found := re.fullmatch(r"q=([01](?:\.\d{0,3})?)", each):
            return float(found[1])
    return 1.0


def answered(text: str) -> str:
    """A sentence in the language that is asked for now, where it has it."""
    return in_chinese(text) if ANSWER_IN.get() is Language.ZH else str(text)


def document(problem: Problem) -> dict[str, Any]:
    """The problem document for who asks now."""
    fields = problem.document()
    if ANSWER_IN.get() is Language.ZH:
        title, detail = WORDS.get(problem.slug, _BY_STATUS.get(problem.status // 100, _BY_STATUS[4]))
        if isinstance(problem.detail, Localized):
            detail = problem.detail.chinese
        if seconds := problem.headers.get("Retry-After"):
            detail = detail.replace("请稍后再试", f"请在 {seconds} 秒后再试")
        fields |= {"title": title, "detail": detail}
        if "errors" in fields:
            own = None if problem.slug == "invalid" else detail
            fields["errors"] = [fault | {"message": _of_field(fault["message"], own)} for fault in fields["errors"]]
    return fields


def _of_field(message: str, own: str | None) -> str:
    return own if own and not isinstance(message, Localized) else _translated(message)


def field_words(message: str, kind: str, context: Mapping[str, Any]) -> Localized:
    """What is wrong with a field, in both languages; `kind` and `context` are pydantic's."""
    said = []
    for language in (Language.EN, Language.ZH):
        before = ANSWER_IN.set(language)
        try:
            said.append(str(field_message(message, kind, context)))
        finally:
            ANSWER_IN.reset(before)
    return Localized(*said)


def field_message(message: str, kind: str, context: Mapping[str, Any]) -> str:
    """What is wrong with a field, for who asks now; `kind` and `context` are pydantic's."""
    chinese = ANSWER_IN.get() is Language.ZH
    if isinstance(error := context.get("error"), ValueError) and isinstance(ours := of_error(error), Localized):
        return ours.chinese if chinese else ours
    if words := _FIELDS.get(kind) or _KINDS.get(kind.partition("_")[0]):
        with suppress(KeyError):  # a version of pydantic that says less of it
            if not chinese:
                return words[1].format_map(context)
            return words[0].format_map({name: str(value).replace(" or ", " 或 ") for name, value in context.items()})
    return _translated(message) if chinese else message


def _translated(message: str) -> str:
    """A message of our own checks; one that is Chinese already stays."""
    if isinstance(message, Localized):
        return message.chinese
    if _CHINESE.search(message):
        return message
    return next((chinese for pattern, chinese in _OURS if pattern.search(message)), _ELSE)
