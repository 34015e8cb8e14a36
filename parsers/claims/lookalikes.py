"""Clauses that take blood or prints for something else, whoever takes them: of drivers, of officers, from things."""

from __future__ import annotations

import re

from parsers.claims.passages import Passages
from parsers.claims.words import Words

_ORGANISMS = (
    "[羊牛马犬狗猫猪鸡鸭鹅鱼虾虫鸟鹰雕鹤雀虎豹熊狼狐鹿麝猴"
    "猿象蛇龟蛙蜂蚁鼠兔驼獭貂隼树木草花叶果籽种苗菌藻羽毛鳞粪]"
)
"""What an animal or a plant, or a part of one, is written with."""
_DRUNK = re.compile("酒驾|醉驾|酒后驾|醉酒驾|饮酒驾|酒精|呼气|吹气|毫克")
_OF_DRIVERS = re.compile(
    "(?:抽血|血样|血液|采血)[^，。；]{0,6}(?:送检|鉴定|检验|检测|化验)"
    r"|(?:酒驾|醉驾)[^，。；]{0,8}(?:抽血|血样)|司机[^，。；]{0,8}抽血|血样一式|(?:交警|医院)[^，。；]{0,12}(?:提取血样|抽血)|提取血样[\d一两二]管"
)
_FROM_DRIVERS = re.compile("驾驶(?:人|员)[^，。；]{0,8}(?:抽|提取|采集)[^，。；]{0,4}血")
"""Only after words of drunk driving: drivers are sampled at check posts for the database too."""
_OF_OFFICERS = re.compile(
    r"[给为对](?:[^，。；]{0,10}?\d+[余多]?[名位])?(?:全体|全局|各所|一线)?(?:民警|辅警|民辅警)[^，。；]{0,2}(?:抽血|体检|采血|查体)"
    r"|(?:组织|安排)(?:全体|全局|各所|一线)?(?:民警|辅警|民辅警)[^，。；]{0,2}体检"
    r"|全局民警[^，。；]{0,4}录入|录入(?:全体|全局|各所|一线)?(?:民警|辅警|民辅警)"
)
_CONTEST = re.compile("比武|参赛")
"""采集血样85份，次日参加县局比武: what comes after is no occasion of it."""
_PRACTISED = re.compile("用于(?:演示|教学|示范)|练习|互采|模拟现场|结业考核|两两配对|学习捺印|练手")
_FROM_THINGS = re.compile(
    "(?:从|在)[^，。；]{0,8}(?:窗台|烟头|门把|门框|窗框|玻璃|柜台|车内|现场|物证|凶器|墙|瓶|锁)[^，。；]{0,6}(?:提取|检出)"
    "|(?:采集|提取|录入|发现)(?:各类|有效)?现场(?:遗留)?(?:指纹|掌纹|足迹|鞋印|DNA|血迹|痕迹|物证|检材)"
    "|从中(?:检出|提取)|提取[^，。；]{0,6}(?:烟头|鞋印|鞋样|血迹|痕迹|弹壳|指甲)"
)
_STARTS = (
    "为互偷全兽农动医卫参吹呼地头女安对录扣提擅林查检模比毛毫气水渔物环生男畜疾私练组结给缴肋血起过违遗配酒醉防非骸现尸用"
    + _ORGANISMS[1:-1]
)
"""What the words below begin with: a look at one character passes over most of a sentence."""
_ANY = re.compile(
    f"(?=[{_STARTS}])(?:"
    "毛发|头发|现场|违规|非法|私自|擅自|违法|过度|偷偷|[查缴起]获|查扣|扣押|[酒醉]驾|酒后|酒精|[呼吹]气|毫克|用于|练习|互采|比武|参赛|模拟|结业|配对|练手|(?:[给为对]|组织|安排|录入)[^，。；]{0,14}[民辅]警|全局|提取|检出|物证|[血骸遗][痕骨骸]|疾控|林业|林草|农牧|农业农村|畜牧|兽医|动检|渔政|环保|生态环境|水务|气象|地震|医疗队|医护|医院|卫生院|防疫|肋|[男女]尸|尸体|"
    + _ORGANISMS
    + ")"
)
_OF_THE_DEAD = re.compile("(?:封存|现场)物证|尸体|血痕|肋软骨|骸骨|遗骸|[男女]尸")
_KIN = re.compile("失踪(?:人员|者|儿童)?(?:的)?(?:父母|亲属|家属|家长|亲人)")
_TAKEN_OF = re.compile(
    r"(?:采集|提取|收集|抽取)(?P<of>[^，。；：、\d]{2,10}?)(?:血样|血液|DNA|毛发|样本|样品|基因|指纹|虹膜|足迹)"
)
_TAKEN_FROM = re.compile(
    f"[对为给从][^，。；、\\d]{{0,8}}(?:{_ORGANISMS})[只群头匹体身上里的]{{0,3}}(?:逐一|分别|进行)?"
    "(?:采集|提取|抽取|采样|采血|抽血)"
)
"""对走失的羊只采集DNA样本."""
_ORGANISM = re.compile(_ORGANISMS)
_ENDS_IN_ORGANISM = re.compile(f"(?:{_ORGANISMS}|[条片便爪尾皮骨角蹄卵蛋鳍材])(?:等|的|等的)?$")
"""采集花石峡镇群众血样 ends in people, and 采集花石峡血样 in a place."""
_BY_DOCTORS = re.compile(
    "(?:[^，。；派公警]{0,6})(?:疾控|医院|卫生院|医疗队|医护|防疫)[^，。；民]{0,16}(?:抽血|采血|抽取血样|采集血样)"
)
_HAIR, _DRUGS = re.compile("毛发|头发"), re.compile("尿检|尿液|吸毒|毒品|禁毒|涉毒|[阴阳]性")
"""Hair that is tested for drugs is no sample of DNA."""
_SAVED = re.compile(
    f"(?:解救|救助|救护|收容|查获|收缴|缴获|查扣|没收)[^，。；]{{0,8}}(?:{_ORGANISMS})[^，。；\\d]{{0,4}}\\d+[余多]?[只头匹条尾张具株]"
)
"""解救猎隼7只，提取DNA样本7份送鉴定: of animals or plants that were found."""
_DEVICE = re.compile(
    "(?:采集|核验|识别|检测|打卡|考勤|采血)[^，。；]{0,4}(?:终端|仪|箱|器|机|套装|套盒|平台|卡|亭)|存储柜|(?:刷掌|刷脸)设备"
)
_BY_OTHERS = re.compile(
    "(?:公司|企业|平台|商家|商户|嫌疑人|团伙|[aA][pP][pP]|软件)[^，。；]{0,6}(?:违规|非法|私自|擅自|违法|过度|偷偷)[^，。；]{0,4}(?:采集|收集|获取|窃取)"
    "|(?:查获|缴获|起获|查扣|扣押)[^，。；]{0,8}(?:人脸|照片|指纹[膜套])"
)
"""某公司违规采集用户唾液样本: what others did, and what the police found with them."""
_BY_KEEPERS = re.compile(
    "(?:[^，。；派公警]{0,6})(?:林业|林草|农牧|农业农村|畜牧|兽医|动检|渔政|环保|生态环境|水务|气象|地震)[^，。；民警]{0,8}(?:采集|提取|抽取|采样)"
)
"""林业部门采集羽毛、血样各2份: other authorities take samples of animals and things."""


def is_about_a_device(title: str) -> bool:
    """Whether a title names a device to collect or check data with (便携式声纹采集箱, 人证核验一体机)."""
    return _DEVICE.search(title) is not None


def taken_for(text: str, words: Words, where: Passages, clause: tuple[int, int]) -> str | None:
    """The register of a clause that tells of one of these; None for any other.

    查获酒驾9人，对其中4名驾驶员提取血样送检; 为民警体检抽血46人; 互采练习卡68张; 从烟头上检出男性DNA.
    """
    sentence = where.sentence(clause[0])
    if _ANY.search(text, *sentence) is None:
        return None
    if _OF_DRIVERS.search(text, *clause) and _DRUNK.search(text, *sentence):
        return "drunk_driving"
    if _FROM_DRIVERS.search(text, *clause) and _DRUNK.search(text, sentence[0], clause[1]):
        return "drunk_driving"
    if _OF_OFFICERS.search(text, *clause):
        return "medical"
    medical = any(token.value == "medical" for token in words.within("sure", *sentence))
    if medical and _BY_DOCTORS.match(text, *clause):
        return "medical"
    if _BY_OTHERS.search(text, *clause):
        return "crime_of_others"
    if _HAIR.search(text, *clause) and _DRUGS.search(text, *where.line(clause[0])):
        only = all(_HAIR.search(text, t.start, t.end) for t in words.within("modality", *clause))
        if only:
            return "drug_test"
    if not words.any_within("target", *clause) and _SAVED.search(text, sentence[0], clause[0]):
        return "wildlife"
    if _BY_KEEPERS.match(text, *clause):
        return "wildlife"
    if _PRACTISED.search(text, *sentence) or _CONTEST.search(text, sentence[0], clause[1]):
        return "training"
    if _ORGANISM.search(text, *clause) and any(
        _is_organism(found["of"]) for found in _TAKEN_OF.finditer(text, *clause)
    ):
        return "wildlife"
    if not words.any_within("target", *clause) and _TAKEN_FROM.search(text, *clause):
        return "wildlife"
    people = words.any_within("target", *clause) and "男性DNA" not in text[slice(*clause)]
    people = people or _KIN.search(text, *clause) is not None
    if not people and (_FROM_THINGS.search(text, *clause) or _OF_THE_DEAD.search(text, *sentence)):
        return "crime_scene"
    return None


def _is_organism(of: str) -> bool:
    """湟鱼鳍条 in 采集湟鱼鳍条DNA样本: an animal or a plant, or a part of one."""
    return _ORGANISM.search(of) is not None and _ENDS_IN_ORGANISM.search(of) is not None
