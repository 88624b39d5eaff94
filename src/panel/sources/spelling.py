"""Spellings of one name made alike: case, blanks, marks, abbreviations, order of words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Words and endings that say what kind of region it is, not which one; with the kind, where it
# tells an oblast from a krai.
_KINDS = {
    **dict.fromkeys(("oblast", "область", "州"), "oblast"),
    **dict.fromkeys(("krai", "kray", "territory", "край", "边疆区"), "krai"),
    **dict.fromkeys(("republic", "respublika", "республика", "共和国"), "republic"),
    **dict.fromkeys(("okrug", "округ"), "okrug"),
    **dict.fromkeys(("province", "sheng", "провинция", "省"), "province"),
    **dict.fromkeys(("city", "municipality", "shi", "город", "市"), "city"),
    **dict.fromkeys(("prefecture", "league", "地区", "自治州", "盟"), "prefecture"),
    **dict.fromkeys(
        (
            *("region", "of", "the", "autonomous", "autonomnyy", "avtonomnyy", "zizhiqu", "state"),
            *("автономный", "автономная", "район", "штат", "自治区"),
        ),
        "",
    ),
}
_CHINESE_KINDS = re.compile(
    r"(壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|共和国|边疆区|地区|省|市|州|盟)$"
)
# Traditional characters that stand in names of the crosswalk, by OpenCC 0.1.7.
_SIMPLIFIED = str.maketrans(
    "亞來倫內凱別則剛勞區吳呂喬國圖壩壯奧婁寧寶屬岡峯島峽崗嶺嶼嶽巖幹幾庫廈廣張彥愛慶懷揚撫撾敍敘時晉東棗極樂樹欽涼湯溫滄滬漢澤濟濰濱瀘"
    "灣烏無煙熱營爾猶瑪瓊畢盤盧祕稜節粵約紅納紐紹綏維綿緬羅羣義聖聯肅脫臘臨臺興茲荊莊華萊萬蕪薩蘆蘇蘭衛衞裏裡託許誕諸諾貝貢貴買賀資"
    "賓贊贛車連運達遠遷遼邊鄉鄭鄲銀銅錦錫鎮鐵長門開閩關陝陽隨隴雙雞雲韃韋韓頂順頓頗領頭餘饒馬駐魯鮮鴨鶴鷹鹹鹽麗麥黃齊龍",
    "亚来伦内凯别则刚劳区吴吕乔国图坝壮奥娄宁宝属冈峰岛峡岗岭屿岳岩干几库厦广张彦爱庆怀扬抚挝叙叙时晋东枣极乐树钦凉汤温沧沪汉泽济潍滨泸"
    "湾乌无烟热营尔犹玛琼毕盘卢秘棱节粤约红纳纽绍绥维绵缅罗群义圣联肃脱腊临台兴兹荆庄华莱万芜萨芦苏兰卫卫里里托许诞诸诺贝贡贵买贺资"
    "宾赞赣车连运达远迁辽边乡郑郸银铜锦锡镇铁长门开闽关陕阳随陇双鸡云鞑韦韩顶顺顿颇领头余饶马驻鲁鲜鸭鹤鹰咸盐丽麦黄齐龙",
)  # fmt: skip
# What tables print before or after the name of a part: "в том числе: Ненецкий АО".
_PART_OF = r"(в том числе|в т\. ?ч\.|из них|of which|including|其中)"
_LEAD = re.compile(rf"^\s*{_PART_OF}\s*[:：]?\s*(?=\S)|(?<=\S)[\s,]+{_PART_OF}\s*[:：]?\s*$", re.I)
_ABBREVIATIONS = {
    "респ": ("республика",),
    "обл": ("область",),
    "г": ("город",),
    "гор": ("город",),
    "авт": ("автономный",),
    "окр": ("округ",),
    "ао": ("автономный", "округ"),
    "ao": ("autonomous", "okrug"),
    "prov": ("province",),
    "rep": ("republic",),
    "obl": ("oblast",),
    "resp": ("respublika",),
}


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in lower case, abbreviations written out, Latin letters plain."""
    name = _LEAD.sub("", name.translate(_SIMPLIFIED))
    plain = unicodedata.normalize("NFKD", name).casefold()
    # Marks leave Latin letters (Ürümqi) but not Cyrillic ones, where й is no и; ё is written е.
    plain = re.sub(r"(?<=[a-z])[\u0300-\u036f]+", "", plain)
    plain = unicodedata.normalize("NFC", plain).replace("ё", "е")
    found = re.findall(r"[^\W_]+", plain)
    return tuple(full for word in found for full in _ABBREVIATIONS.get(word, (word,)))


def folded(name: str) -> str:
    """The name without case, blanks and punctuation."""
    return "".join(words(name))


def unordered(name: str) -> str:
    """The words in one order, for "Алтай, Республика" and "Республика Алтай"; "" for one word."""
    found = words(name)
    return " ".join(sorted(found)) if len(found) > 1 else ""


def shortened(name: str) -> str:
    """The folded name without the words that only say what kind of region it is."""
    kept = [word for word in words(name) if word not in _KINDS]
    return _CHINESE_KINDS.sub("", "".join(kept))


def kinds(name: str) -> frozenset[str]:
    """The kinds of region that the name's own words claim: oblast, krai, republic, city ..."""
    ending = _CHINESE_KINDS.search(folded(name))
    said = [*words(name), *([ending[0][-3:], ending[0]] if ending else [])]
    return frozenset(_KINDS[word] for word in said if _KINDS.get(word))
