"""The words by which a sentence says what its paper does, or does not. Patterns alone.

Chinese and English, for those are the languages of the summaries that came without a sentence.
"""

from __future__ import annotations

import re


def _any(words: str) -> str:
    return rf"(?:{'|'.join(words.split())})"


_PAPER = (
    r"(?:(?:本|该|此|这篇|这项)(?:论文|文章|研究|工作|文)|(?:^|(?<=[，；、]))论文|作者|我们"
    r"|\b(?:we|authors|the (?:paper|authors?|work|study)|this (?:paper|work|study)))"
)
_PROPOSE = _any("""
提出 引入 设计 构建 开发 介绍 推出 建立 发布 实现了 证明 给出 创建 首次 开创 发展 推导 形式化 系统
propos present introduc develop describ design build devis formulat prove show demonstrat establish
""")
_STUDY = _any("""
研究了 研究如何 探讨 解决 分析了 旨在 致力于 聚焦 评估 考察 比较了 揭示 重新审视 探索 展开
stud investigat explor analy examin address evaluat compar revisit
""")
_ASSERT = _any("""
提出 实现 证明 首次 首个 构建 引入 设计 开创 揭示 展示 验证 提供 表明 建立 解决 提升 开发 推动 突破
重新定义 propos show achiev prov introduc present demonstrat enabl improv reveal
""")
_WHOLE = _any("框架 方法 模型 系统 算法 范式 架构 平台 基准 数据集 流程 体系 方案 理论 库")
_IS_A = r"(?:是(?:一|首|第一|目前首)(?:个|种|款|套|项|类|篇)|\bis an?\b)"

PROPOSES = re.compile(
    rf"{_PAPER}(?:[^，。；：]{{0,24}}?{_PROPOSE}"
    r"|[^。；：]{0,80}?，(?:从而|并)?(?:提出|设计|引入|构建|开发))",
    re.IGNORECASE,
)
STUDIES = re.compile(rf"{_PAPER}[^，。；：]{{0,24}}?{_STUDY}", re.IGNORECASE)
# For a section on what is new: there is no doubt whose it is.
IS_NEW = re.compile(
    rf"\A(?:[^：:。]{{1,60}}[：:]\s*)?"
    rf"(?:{_PROPOSE}[^，。]*{_WHOLE}|提出[^。]{{1,100}}?一(?:种|个|套|款))"
    rf"|\A[^，。；：]{{2,80}}?{_IS_A}",
    re.IGNORECASE,
)
# For a conclusion. A sentence that begins with its verb lacks its subject: it is one of several
# merits.
ASSERTS = re.compile(
    r"\A(?!已|解决|提升|实现|支持|提供|揭示|展示|验证|推动)"
    rf"(?:[A-Z].*[一-龥]|.{{0,30}}?{_PAPER}|.*?(?:{_ASSERT}|{_IS_A}))",
    re.IGNORECASE,
)
# What needs the sentence before it, tells the background, or praises and says no more.
LEANS = re.compile(
    r"\A(?:此外|另外|然而|但是?|尽管|虽然|随着|未来|同时|其中|例如|因此|其|它|而|现有|传统|目前|当前|局限"
    r"|挑战|这|.{0,14}这(?!篇|项|是)|.{0,10}该(?:方法|框架|系统|模型|方案|算法|机制)"
    r"|(?:however|although|moreover|despite|existing|current|traditional|such|these|it|they)\b)"
    r"|如下|下述|上述|以下(?:三|几|两|四|五|六|多|核心|主要|问题|方面|创新|关键|局限|挑战|结论)"
    r"|提出(?:了)?[^，。]{0,10}问题|？|\?\Z",
    re.IGNORECASE,
)
PRAISES = re.compile(
    r".{0,50}(?:是|迈出了|代表了?)[^，。]{0,30}(?:进展|一步|里程碑|突破|工作|尝试)。?"
    r"|.{0,6}提出了?一(?:个|种|套|系列)[^，]{0,8}(?:方案|框架|方法|策略)。?"
)
# Where the code is, and what is promised.
ANNOUNCES = re.compile(
    r"://|github|开源(?:地址|代码|信息|链接)|代码(?:地址|链接|仓库|已)|承诺|(?:作者|我们|团队).{0,4}将(?:开源|公开)|已(?:开源|公开)"
    r"|\bcode (?:is|will be)\b",
    re.IGNORECASE,
)
# The clause before a list.
PROMISES = re.compile(
    "核心|包括|包含|主要|具体|以下|如下|分为|体现|创新|关键|特点|思想|在于|来自|其|由|[两三四五六七几]"
    r"|[的于为是在和与以即有对从]\Z"
)
# A beginning that falls away.
LEAD_IN = re.compile(
    r"\A(?:(?:总体而言|总的来说|总而言之|总之|综上所述|综上|总结来说|简而言之"
    r"|in (?:summary|short|conclusion)|overall|to conclude)[，,：:]\s*"
    r"|为?了?(?:针对|解决|应对|克服)(?:上述|这些|这一|以上)[^，。]{0,16}，\s*"
    r"|(?:新?(?:方法|框架|思路|方案)|核心(?:思想|方法|创新)|主要创新|创新点.?|理论\w{0,2})[：:]\s*)",
    re.IGNORECASE,
)
