"""What the columns of files are called, in Chinese and English, by programs and by people."""

from typing import Final

from anxiu.equipment.choices import ImportKind

# Field, then the headings by which it is known: the first in Chinese and the first in English are shown and written
# into templates, the others are what programs and people call it.
HEADINGS: Final[dict[ImportKind, dict[str, tuple[str, ...]]]] = {
    ImportKind.CUSTOMERS: {
        "key": (
            "客户编号", "customer code", "customer", "客户编码", "客户代码", "客户号", "客户ID", "customer id",
            "customer no", "customer number", "account number",
        ),
        "name": (
            "客户名称", "customer name", "name", "客户", "公司", "公司名称", "单位", "单位名称", "客户全称",
            "名称", "company", "company name", "account name",
        ),
        "region": ("区域", "region", "大区", "片区", "地区", "所属区域", "服务区域", "area", "territory"),
        "tier": ("客户等级", "tier", "等级", "客户级别", "级别", "customer tier", "level", "class"),
        "language": ("语言", "language", "语种"),
        "site": (
            "站点", "site", "站点名称", "现场", "项目", "项目名称", "使用单位", "site name", "location",
            "project",
        ),
        "address": ("地址", "address", "详细地址", "安装地址", "通讯地址", "客户地址", "site address", "street"),
        "latitude": ("纬度", "latitude", "lat"),
        "longitude": ("经度", "longitude", "lng", "lon"),
        "contact": ("联系人", "contact", "联系人姓名", "姓名", "contact name", "contact person"),
        "phone": (
            "电话", "phone", "手机", "手机号", "手机号码", "联系电话", "电话号码", "联系方式", "mobile",
            "telephone", "tel", "phone number", "contact phone",
        ),
        "email": ("邮箱", "email", "电子邮箱", "电子邮件", "邮件", "e-mail", "mail", "email address"),
        "role": ("职务", "role", "职位", "岗位", "job title", "title", "position"),
    },
    ImportKind.MACHINES: {
        "key": (
            "设备编号", "machine code", "machine", "设备编码", "设备代码", "资产编号", "设备号", "资产编码",
            "machine id", "machine number", "asset", "asset number", "asset id", "equipment",
            "equipment number",
        ),
        "serial": (
            "序列号", "serial number", "serial", "出厂编号", "机身号", "机号", "SN", "S/N", "出厂序列号",
            "产品序列号", "serial no",
        ),
        "model": (
            "型号", "model", "产品型号", "设备型号", "规格型号", "机型", "model code", "model number", "type",
        ),
        "maker": ("厂家", "maker", "品牌", "制造商", "生产厂家", "厂商", "manufacturer", "brand", "make"),
        "customer": (
            "客户编号", "customer code", "customer", "客户编码", "客户代码", "客户号", "客户ID", "customer id",
            "customer no", "customer number", "account number",
        ),
        "site": (
            "站点", "site", "站点名称", "安装地点", "现场", "项目", "项目名称", "使用单位", "site name",
            "location", "project",
        ),
        "name": (
            "设备名称", "machine name", "name", "名称", "产品名称", "equipment name", "asset name",
            "description",
        ),
        "position": ("安装位置", "position", "位置", "具体位置", "place"),
        "installed_on": (
            "安装日期", "installed on", "installation date", "安装时间", "投用日期", "验收日期",
            "install date", "commissioned",
        ),
        "sold_on": (
            "销售日期", "sold on", "发货日期", "出厂日期", "购买日期", "sale date", "delivery date",
            "purchase date",
        ),
        "warranty_until": (
            "保修至", "warranty until", "质保到期", "质保期至", "保修到期日", "保修截止", "质保截止日期",
            "warranty end", "warranty end date",
        ),
        "parent": ("上级设备", "part of", "父设备", "所属设备", "主机", "parent", "parent machine"),
    },
    ImportKind.ORDERS: {
        "key": (
            "单号", "order number", "order", "工单号", "工单编号", "维修单号", "服务单号", "编号", "order no",
            "work order", "ticket", "ticket number", "id",
        ),
        "machine": (
            "设备编号", "machine code", "machine", "serial", "序列号", "设备编码", "资产编号", "出厂编号",
            "serial number", "asset", "asset number", "asset id", "equipment", "SN", "product_category",
            "product",
        ),
        "date": (
            "日期", "date", "报修日期", "维修日期", "服务日期", "完成日期", "开始日期", "报修时间",
            "order date", "service date", "start date", "bscstartdate", "event_date",
        ),
        "text": (
            "描述", "description", "text", "故障描述", "故障现象", "维修内容", "问题描述", "内容", "处理结果",
            "problem", "fault", "originalshorttext", "short text",
        ),
        "kind": (
            "类型", "type", "服务类型", "工单类型", "故障类型", "order type", "category", "pmtype",
            "repair_status",
        ),
        "cost": ("费用", "cost", "金额", "维修费用", "总费用", "amount", "total", "price"),
    },
    ImportKind.MODELS: {
        "model": (
            "型号", "model", "产品型号", "设备型号", "规格型号", "机型", "型号编码", "model code", "model number",
        ),
        "maker": ("厂家", "maker", "品牌", "制造商", "生产厂家", "厂商", "manufacturer", "brand", "make"),
        "name": ("型号名称", "model name", "产品名称", "名称", "name", "description"),
        "family": (
            "产品族", "family", "产品族编码", "产品类别", "类别", "产品线", "family code", "product line", "category",
        ),
        "family_name": ("产品族名称", "family name", "类别名称", "产品线名称", "category name"),
        "family_name_en": ("产品族英文名", "family name (english)", "family name english"),
        "warranty_months": ("保修月数", "warranty months", "质保月数", "保修期（月）", "保修期", "warranty"),
    },
    ImportKind.PARTS: {
        "key": (
            "配件号", "part number", "part", "配件编号", "备件号", "备件编号", "物料号", "物料编码", "料号",
            "part no", "material", "material number", "item number", "sku",
        ),
        "name": ("配件名称", "part name", "名称", "备件名称", "物料名称", "品名", "name", "description"),
        "name_en": ("英文名称", "english name", "name (english)", "name en", "english description"),
        "unit": ("单位", "unit", "计量单位", "uom", "unit of measure"),
        "price": ("单价", "price", "价格", "目录价", "销售价", "list price", "unit price"),
        "families": ("适用产品族", "fits families", "适用机型", "适用范围", "families", "fits"),
    },
    ImportKind.PEOPLE: {
        "key": (
            "工号", "staff number", "employee number", "员工编号", "员工号", "人员编号", "职工号", "staff id",
            "employee id", "employee no", "personnel number", "number",
        ),
        "name": ("姓名", "name", "员工姓名", "中文名", "名字", "full name", "employee name"),
        "name_en": ("英文名", "english name", "英文姓名", "name (english)", "name en"),
        "email": (
            "邮箱", "email", "登录邮箱", "电子邮箱", "电子邮件", "企业邮箱", "邮件", "登录名", "账号", "e-mail",
            "mail", "email address", "login", "username",
        ),
        "phone": (
            "手机", "phone", "手机号", "手机号码", "电话", "联系电话", "电话号码", "联系方式", "mobile", "telephone",
            "tel", "phone number",
        ),
        "posts": ("岗位", "posts", "角色", "职位", "职务", "post", "role", "roles", "position", "job title"),
        "region": ("区域", "region", "大区", "片区", "地区", "所属区域", "服务区域", "area", "territory"),
        "outlet": ("网点", "outlet", "服务网点", "所属网点", "服务站", "branch", "service outlet"),
        "language": ("语言", "language", "语种"),
        "grade": ("等级", "grade", "工程师等级", "级别", "技术等级", "职级", "level", "engineer grade"),
        "started_on": ("入职日期", "started on", "上岗日期", "入职时间", "start date", "hire date", "joined"),
        "latitude": ("纬度", "latitude", "常驻地纬度", "lat"),
        "longitude": ("经度", "longitude", "常驻地经度", "lng", "lon"),
    },
    ImportKind.QUALIFICATIONS: {
        "engineer": (
            "工号", "engineer number", "engineer", "工程师工号", "工程师编号", "员工编号", "员工号", "人员编号",
            "邮箱", "staff number", "employee number", "employee id", "staff id", "email",
        ),
        "kind": ("种类", "kind", "资质种类", "类型", "类别", "资质类型", "type", "category"),
        "name": (
            "名称", "name", "证书名称", "资质名称", "证书", "技能", "技能编码", "certificate", "skill",
            "certificate name", "qualification",
        ),
        "level": ("技能级别", "level", "级别", "等级", "skill level"),
        "issuer": ("发证单位", "issuer", "发证机关", "颁发单位", "发证机构", "issued by", "issuing body"),
        "number": ("证书编号", "certificate number", "证号", "证书号", "编号", "certificate no", "number"),
        "valid_from": (
            "有效期起", "valid from", "发证日期", "生效日期", "取得日期", "起始日期", "issued on", "issue date",
        ),
        "valid_to": (
            "有效期至", "valid to", "到期日期", "有效期止", "失效日期", "截止日期", "valid until", "expires",
            "expires on", "expiry date", "until",
        ),
    },
}  # fmt: skip
