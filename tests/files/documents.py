"""Documents of an invented order, full and nearly empty, in both languages."""

import math
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from anxiu.files.documents import Picture
from anxiu.kernel.money import Money
from anxiu.orders.documents.shapes import (
    Charge,
    Company,
    Customer,
    Entry,
    Guarantee,
    Labour,
    Machine,
    Measurement,
    Moment,
    Outcome,
    Part,
    Photo,
    Point,
    Receipt,
    Report,
    SignOff,
    Video,
)  # fmt: skip

HEAD = "5d41402abc4b2a76b9719d911017c592a1d3f9e8c7b6a5948372615f4e3d2c1b"


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, 4, hour, minute, tzinfo=UTC)


def photo(w, h, i):
    im = Image.effect_mandelbrot((w, h), (-2.2 + i * 0.2, -1.2, 0.8, 1.2), 60).convert("RGB")
    b = BytesIO()
    im.save(b, "JPEG")
    return Picture(b.getvalue())


def signature():
    im = Image.new("RGBA", (600, 240), (0, 0, 0, 0))
    d = ImageDraw.Draw(im)
    pts = [(40 + i * 2.6, 120 + 70 * math.sin(i / 9) * math.cos(i / 31)) for i in range(200)]
    d.line(pts, fill=(20, 30, 60, 255), width=7, joint="curve")
    b = BytesIO()
    im.save(b, "PNG")
    return Picture(b.getvalue())


def report(zh):
    c = Company(
        "安修示例服务公司" if zh else "Anxiu Demo Service",
        "400-820-1234",
        "上海市浦东新区张江路 88 号" if zh else "88 Zhangjiang Road, Pudong, Shanghai",
    )
    if zh:
        return Report(
            c,
            "WX00004213",
            "维修",
            "紧急",
            at(9),
            Customer(
                "华东精密制造有限公司", "苏州二厂", "江苏省苏州市工业园区星湖街 328 号 3 号楼", "王建国", "138****5678"
            ),
            Machine("数控加工中心", "VMC-850L", "SN20240518-00731", "二车间 B 线 12 号位", "保修期内（至 2027-03-01）"),
            "主轴启动后 10 分钟报警 E-417，温度过高，停机。已影响两条生产线，客户要求当日恢复。",
            "主轴 / 冷却",
            "冷却泵运行，流量 2.1 L/min（应不低于 6），滤芯堵塞，热交换器入口积垢。",
            "冷却液长期未更换，铝屑堵塞滤芯，造成主轴冷却不足。",
            "更换滤芯与冷却液，清洗热交换器，校准温度传感器，连续试运行 60 分钟正常。",
            "一次修复，设备恢复正常运行。",
            ("李明", "赵晓华"),
            (
                Moment("首次响应", at(0, 40), at(0, 22), timedelta(minutes=12), Outcome.KEPT),
                Moment(
                    "到达现场",
                    at(4, 10),
                    at(4, 31),
                    timedelta(hours=4, minutes=21),
                    Outcome.BROKEN,
                    "高速封闭，已通知客户",
                ),
                Moment("解决", at(10), at(7, 50), timedelta(hours=7, minutes=40), Outcome.KEPT),
                Moment("客户签收", at(9), at(8, 12), timedelta(minutes=22), Outcome.EXEMPT),
            ),
            tuple(
                Entry(at(4 + i // 2, 10 + i * 3), "李明", t)
                for i, t in enumerate(
                    [
                        "到达现场，出示工作证，确认故障现象，做现场防护。",
                        "检测冷却回路：泵压 0.32 MPa，流量 2.1 L/min。",
                        "拆下滤芯，铝屑堵塞；客户设备科王工在场确认。",
                        "更换滤芯 CF-200，冲洗热交换器 25 分钟。",
                        "加注冷却液 18 L，排气，校准温度传感器 T3。",
                        "试运行 60 分钟，主轴温度稳定在 41 °C。清理现场。",
                    ]
                )
            ),
            (
                Part("CF-200", "冷却滤芯", "1", "", Money(26000)),
                Part("CL-18", "冷却液（18 L）", "1 桶", "", Money(38000)),
                Part("TS-03", "温度传感器", "1", "TS240911-5521", None, "旧件带回"),
            ),
            (
                Labour("李明", "维修", timedelta(hours=3, minutes=20)),
                Labour("李明", "路途", timedelta(hours=2)),
                Labour("赵晓华", "维修", timedelta(hours=1, minutes=45)),
            ),
            timedelta(hours=7, minutes=5),
            (
                Measurement("冷却流量", "7.4", "L/min", "≥ 6", True),
                Measurement("主轴温度", "41", "°C", "≤ 55", True),
                Measurement("振动", "3.1", "mm/s", "≤ 2.8", False),
            ),
            tuple(
                Photo(photo(*s, i), cap, at(4, 20 + i))
                for i, (s, cap) in enumerate(
                    [
                        ((800, 600), "报警画面"),
                        ((600, 800), "堵塞的滤芯"),
                        ((800, 600), "新滤芯安装后"),
                        ((1000, 500), "试运行温度"),
                    ]
                )
            ),
            (Charge("工时", Money(80000)), Charge("备件", Money(64000)), Charge("保修减免", Money(-144000))),
            Money(0),
            "保修期内",
            (
                Point("补发冷却系统季度保养计划", "张静（客服）", date(2026, 5, 11)),
                Point("振动偏高，安排动平衡复测", "李明", date(2026, 5, 18)),
            ),
            SignOff(
                "王建国",
                at(8, 12),
                signature(),
                "现场屏幕签字",
                "31.2304, 120.7213（±12 m）",
                "服务及时，工程师很专业。",
                "",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "李明",
            ),
            "30 天，至 2026-06-03，证书编号 ZB0000042。",
            Receipt(18342, HEAD, at(9)),
            (Video(at(7, 40), "李明", "主轴异响.mp4", HEAD, "试运行"),),
        )
    return Report(
        c,
        "WX00004213",
        "Repair",
        "Urgent",
        at(9),
        Customer(
            "East China Precision Co., Ltd.",
            "Suzhou plant 2",
            "328 Xinghu Street, Suzhou Industrial Park",
            "Wang Jianguo",
            "138****5678",
        ),
        Machine(
            "Machining centre", "VMC-850L", "SN20240518-00731", "Hall 2, line B", "Under warranty until 2027-03-01"
        ),
        "Alarm E-417, spindle too hot ten minutes after start.",
        "Spindle / cooling",
        "Flow 2.1 L/min, filter clogged.",
        "Coolant was not changed; chips clogged the filter.",
        "New filter and coolant, heat exchanger cleaned, sensor calibrated, test run of 60 minutes.",
        "Fixed on the first visit.",
        ("Li Ming",),
        (Moment("First response", at(0, 40), at(0, 22), timedelta(minutes=12), Outcome.KEPT),),
        (),
        (),
        (),
        None,
        (),
        (),
        (),
        None,
        "",
        (),
        None,
        "",
        None,
    )


def guarantee(zh):
    r = report(zh)
    return Guarantee(
        r.company,
        "ZB0000042",
        r.number,
        r.customer,
        r.machine,
        r.solution,
        ("CF-200 冷却滤芯", "TS-03 温度传感器") if zh else ("CF-200 filter", "TS-03 sensor"),
        date(2026, 5, 4),
        date(2026, 6, 3),
        30,
        at(9),
        "张静" if zh else "Zhang Jing",
        "",
        Receipt(18342, HEAD, at(9)),
    )
