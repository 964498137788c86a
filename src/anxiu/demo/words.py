"""What the demo company is made of: names, places, products and what people say when something breaks."""

from dataclasses import dataclass
from typing import Final

SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN: Final = (
    "建国", "志强", "永刚", "国栋", "宏伟", "晓明", "思远", "海涛", "立新", "俊杰", "鹏飞", "文博", "子轩", "振华", "浩然", "一鸣",
    "磊", "豪", "伟", "涛", "敏", "静", "丽娟", "秀英", "雪梅", "佳怡", "婷婷", "晓燕", "海燕", "慧敏", "玉兰", "芳",
)  # fmt: skip
PINYIN_DOMAIN: Final = "demo.anxiu.example"


@dataclass(frozen=True, slots=True)
class Area:
    """A region of the demo company: its districts with a point each, in WGS-84."""

    code: str
    zh: str
    en: str
    districts: tuple[tuple[str, float, float], ...]


AREAS: Final = (
    Area("pudong", "浦东", "Pudong", (("浦东新区", 31.2215, 121.5447), ("张江", 31.2040, 121.6000), ("外高桥", 31.3500, 121.5900))),
    Area("puxi", "浦西", "Puxi", (("黄浦区", 31.2317, 121.4846), ("静安区", 31.2286, 121.4484), ("徐汇区", 31.1885, 121.4367))),
    Area("south", "沪南", "South", (("闵行区", 31.1128, 121.3817), ("松江区", 31.0322, 121.2277), ("奉贤区", 30.9180, 121.4740))),
    Area("north", "沪北", "North", (("宝山区", 31.4045, 121.4894), ("嘉定区", 31.3755, 121.2655), ("普陀区", 31.2495, 121.3955))),
)  # fmt: skip

PLACES: Final = (
    "东方商务大厦", "世纪广场", "江湾家园", "滨江国际中心", "金桥科技园", "南翔物流园", "虹桥商务区", "徐家汇商城", "长风大悦广场", "五角场万和城",
    "临港产业园", "漕河泾创新园", "华东医院", "仁济康复中心", "浦江实验学校", "松江大学城", "外高桥仓储中心", "宝山钢铁厂区", "嘉定汽车城", "七宝老街广场",
    "静安嘉里花园", "陆家嘴金融大厦", "张江生物医药园", "北外滩航运中心", "中山公园龙湾", "环球港购物中心", "大宁音乐广场", "莘庄地铁城", "奉贤新城大厦", "川沙古镇酒店",
)  # fmt: skip
KINDS: Final = ("物业管理有限公司", "置业有限公司", "酒店管理有限公司", "医院", "机电有限公司", "商业管理有限公司", "食品有限公司", "科技园管理有限公司")
ROLES: Final = ("工程部经理", "物业主管", "设备管理员", "行政主管", "值班经理")


@dataclass(frozen=True, slots=True)
class Product:
    """A model of the demo catalogue."""

    maker: str
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A class of fault, what callers say, and what was found and done."""

    code: str
    zh: str
    en: str
    difficulty: str
    words: tuple[str, ...]
    cause: str
    solution: str


@dataclass(frozen=True, slots=True)
class Line:
    """A product family with its models, faults, parts, the skill and certificates its work needs."""

    code: str
    zh: str
    en: str
    skill: tuple[str, str]
    certificates: tuple[str, ...]
    months: int
    prefix: str
    spots: tuple[str, ...]
    products: tuple[Product, ...]
    faults: tuple[Fault, ...]
    parts: tuple[tuple[str, str, str, int], ...]


LINES: Final = (
    Line(
        "lift", "电梯", "Lifts", ("电梯维修", "Lift repair"), ("height_work",), 24, "DT",
        ("1 号客梯", "2 号客梯", "货梯", "消防梯", "自动扶梯 A", "观光梯"),
        (Product("申龙", "SL-3000", "申龙 SL-3000 乘客电梯"), Product("安梯", "AT-GEN2", "安梯 GEN2 无机房电梯"), Product("捷达", "JD-HT", "捷达 HT 载货电梯")),
        (
            Fault("lift_trapped", "困人", "People trapped", "complex", ("电梯困人，里面有两位乘客", "客梯停在 7 楼，有人被困"), "门锁回路瞬断，轿厢平层外停梯", "放人后检查门锁触点，更换门锁开关并试运行 20 次"),
            Fault("lift_door", "门机故障", "Door operator", "basic", ("电梯门反复开关，关不上", "2 号梯门机报警，停梯"), "门机皮带老化打滑", "更换门机皮带，调整开关门力矩，试运行正常"),
            Fault("lift_noise", "运行异响", "Running noise", "basic", ("电梯运行有异响，乘客投诉", "轿厢运行时抖动、噪音大"), "导靴衬磨损", "更换导靴衬，导轨清洁润滑"),
            Fault("lift_drive", "变频器故障", "Frequency drive", "hard", ("电梯停机，控制柜变频器报警 F07", "电梯不启动，变频器报错"), "变频器散热风扇停转，过热保护", "更换散热风扇，清理风道，复位 F07 后带载测试"),
        ),
        (("DT-MJ-01", "门机皮带", "Door belt", 18000), ("DT-DX-02", "导靴衬", "Guide shoe liner", 4500), ("DT-FS-03", "变频器散热风扇", "Drive fan", 26000), ("DT-MS-04", "门锁开关", "Door lock switch", 9800)),
    ),
    Line(
        "pump", "水泵", "Pumps", ("水泵维修", "Pump repair"), ("low_voltage_work",), 12, "SB",
        ("1 号泵房", "2 号泵房", "消防泵房", "生活水泵", "冷却水泵"),
        (Product("海鲸", "HJ-CR45", "海鲸 CR45 多级泵"), Product("东泉", "DQ-ISG80", "东泉 ISG80 管道泵"), Product("润达", "RD-XBD", "润达 XBD 消防泵")),
        (
            Fault("pump_seal", "机封漏水", "Seal leak", "basic", ("水泵漏水，泵房地面积水", "2 号泵轴端漏水"), "机械密封磨损", "更换机械密封，找正后试压 0.8 MPa 无渗漏"),
            Fault("pump_trip", "过载跳闸", "Overload trip", "complex", ("水泵不启动，电柜跳闸", "生活水泵停机，整栋停水"), "电机轴承卡滞导致过载", "更换轴承，测绝缘与三相电流平衡"),
            Fault("pump_vibration", "振动超标", "Vibration", "complex", ("水泵振动超标，声音很大", "冷却泵异响，振动厉害"), "联轴器不对中", "重新找正，更换弹性块，振动值降到 2.1 mm/s"),
        ),
        (("SB-JF-01", "机械密封", "Mechanical seal", 36000), ("SB-ZC-02", "轴承 6308", "Bearing 6308", 12000), ("SB-TX-03", "联轴器弹性块", "Coupling element", 6800)),
    ),
    Line(
        "aircon", "空调", "Air conditioning", ("制冷维修", "Refrigeration repair"), ("refrigeration_work",), 18, "KT",
        ("屋面 1 号机组", "屋面 2 号机组", "3 楼多联机", "大堂新风机", "机房精密空调"),
        (Product("北极星", "BJX-GMV", "北极星 GMV 多联机"), Product("海风", "HF-VRV4", "海风 VRV4 室外机"), Product("恒温", "HW-P40", "恒温 P40 精密空调")),
        (
            Fault("air_leak", "冷媒泄漏", "Refrigerant leak", "complex", ("空调不制冷，显示 E5", "多联机不制冷，怀疑漏氟"), "室外机铜管焊口泄漏", "补焊后保压 24 小时，抽真空并按铭牌加注 R410A"),
            Fault("air_drain", "冷凝水漏水", "Drain leak", "basic", ("空调室内机漏水，滴到办公桌", "吊顶漏水，空调冷凝水"), "排水管堵塞", "疏通排水管，清洗接水盘"),
            Fault("air_comp", "压缩机不启动", "Compressor", "hard", ("空调室外机不启动，报警", "机房空调停机，温度 34 度"), "启动接触器触点烧蚀", "更换接触器，测压缩机绕组与绝缘"),
        ),
        (("KT-JC-01", "交流接触器", "Contactor", 15500), ("KT-LM-02", "冷媒 R410A（10 kg）", "Refrigerant R410A (10 kg)", 68000), ("KT-PS-03", "排水泵", "Drain pump", 23000)),
    ),
)  # fmt: skip

PRAISE: Final = ("师傅来得快，讲得清楚。", "一次修好，很满意。", "态度很好，现场也收拾干净了。", "")
BLAME: Final = ("等了很久才来，耽误营业。", "修完第二天又坏了。", "没有提前打电话。")
