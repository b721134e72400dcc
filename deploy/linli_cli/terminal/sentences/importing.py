"""`linli import`: how a table was understood, and what is wrong with a file, a row or a cell."""

from collections.abc import Mapping

SENTENCES: Mapping[str, str] = {
    # columns
    "--map: there is no field '{field}'; the fields are {fields}": "--map：没有字段“{field}”；可用的字段：{fields}",
    "--map: there is no column '{column}'; the columns are {columns}": (
        "--map：没有“{column}”这一列；现有的列：{columns}"
    ),
    "say --map title=COLUMN, and --header-row N if another row names the columns": (
        "请用 --map title=列名；如果列名在别的行，请加 --header-row 行号"
    ),
    "which column holds the title? The columns are {columns}; {hint}": "哪一列是标题？现有的列：{columns}；{hint}",
    "such as --map title=主题, or --map neighbourhood=- to take it from no column": (
        "例如 --map title=主题；不从任何列取，写 --map neighbourhood=-"
    ),
    "--map {wrong}: write FIELD=COLUMN, {hint}": "--map {wrong}：请写成 字段=列名，{hint}",
    # the command
    "{file} has a header ({header}) and no row below it; is this the right file?": (
        "{file} 只有表头（{header}），下面没有数据；是这个文件吗？"
    ),
    "{rejected} rejected; the reasons are in {kept}": "{rejected}未受理，原因见 {kept}",
    "{hint}\nNothing is created twice: run the same command again.": "{hint}\n不会重复受理：请再运行一次同样的命令。",
    "No community is loaded, so nothing can be routed.": "还没有加载街道，无法分派。",
    "Load one first: linli community load deploy/community/fushan-road": (
        "请先加载：linli community load deploy/community/fushan-road"
    ),
    "Several communities are loaded: {loaded}.": "已加载多个街道：{loaded}。",
    "Say which: --community ID": "请说明是哪个：--community ID",
    "Say in which community it is: --community ID": "请说明是哪个街道的：--community ID",
    "{file}, line {line}: {fault}": "{file} 第 {line} 行：{fault}",
    "{file}: {fault}": "{file}：{fault}",
    "{cells} a formula whose result was never worked out, such as that of {header} here; "
    "open the file in Excel or WPS, save it, and try again": (
        "{cells}是没有计算结果的公式，例如这一行的“{header}”；请用 Excel 或 WPS 打开文件，保存后再试"
    ),
    "No column says when a call was made, so no deadline can count from it.": (
        "没有一列写明来电时间，无法从来电时起算时限。"
    ),
    "Name the column that does: --map submitted_at=COLUMN": "请指明来电时间的列：--map submitted_at=列名",
    "{receipts} is there already.": "{receipts} 已存在。",
    "{receipts} cannot be written there.": "那里不能写入 {receipts}。",
    "Choose another file for the receipts.": "请为受理回执另选一个文件。",
    "--separator: write one character, or tab": "--separator：请写一个字符，或 tab",
    "Nothing was sent.": "没有发送。",
    "{speed:,.0f} rows/s": "{speed:,.0f} 行/秒",
    "sent to intake": "已送受理",
    "dispatched or in triage": "已派单或待分派",
    "{file} cannot be read: {strerror}.": "无法读取 {file}：{strerror}。",
    # what was understood
    "{encoding}, cells separated by {separator}": "{encoding} 编码，以{separator}分隔",
    "sheet {sheet}": "工作表“{sheet}”",
    ", below {rows} that name no columns": "（上面 {rows}不是列名）",
    "{file}: {kind}; the header is row {line}{above}; {rows}.": (
        "{file}：{kind}；表头在第 {line} 行{above}；共 {rows}。"
    ),
    "Taken over: ": "取用：",
    "Not taken over: the columns {columns}.": "未取用的列：{columns}。",
    "Dates as {dates}.": "日期写法：{dates}。",
    "year-month-day": "年-月-日",
    "month/day/year": "月/日/年",
    "day/month/year": "日/月/年",
    "{order}, {zone} where no zone is named": "{order}，未写时区的按 {zone}",
    "No column is an id: a row with the same content as an earlier one is taken for the same message.": (
        "没有编号列：内容与先前某行相同的，视为同一件。"
    ),
    "Not read: the sheets {sheets}; say --sheet NAME for another.": (
        "没有读取的工作表：{sheets}；要读取请用 --sheet 名称。"
    ),
    "Left out: {rows}{more}.": "略过：{rows}{more}。",
    "row {line} ({why})": "第 {line} 行（{why}）",
    " and {more} more": "，另有 {more} 项",
    "row {line}: {said}": "第 {line} 行：{said}",
    "{name}: {cells} not understood, in row {first}{more}.": "{name}：{cells}未能识别，在第 {first}{more} 行。",
    "{rows} to be rejected: {first}{more}.": "{rows}将不受理：第 {first}{more} 行。",
    "not understood as {field}: {words}": "{field}未能识别：{words}",
    "REJECTED: {reason}": "不受理：{reason}",
    "{rows} taken without all of its {name}: {first}{more}. The words stand in the case.": (
        "{rows}的{name}未能全部取用：第 {first}{more} 行。原文已写入案件。"
    ),
    "; {cases} with a party or in triage": "；{cases}已有承办单位或待分派",
    "{rows}: {accepted} accepted, {duplicates} known already, {rejected} rejected{settled}; {seconds} s.": (
        "共 {rows}：受理 {accepted}，先前已有 {duplicates}，未受理 {rejected}{settled}；用时 {seconds} 秒。"
    ),
    "a line across the table": "横贯表格的一行",
    "a total": "合计",
    "the header again": "重复的表头",
    "a note below the table": "表下的说明",
    "a tab": "制表符",
    "a comma": "逗号",
    "a semicolon": "分号",
    "a bar": "竖线",
    # rows
    "the row has {count} cells, the header {width}; a comma or quote in a text is not escaped": (
        "这一行有 {count} 格，表头有 {width} 格；文字中的逗号或引号没有转义"
    ),
    "the title is empty": "标题是空的",
    "'{text}' is no kind; the kinds are {kinds}": "“{text}”不是类型；可用的类型：{kinds}",
    "'{text}' is no language; the languages are {languages}": "“{text}”不是语言；可用的语言：{languages}",
    "the category {category} is not meant for a {kind}, but for: {kinds}": (
        "类别 {category} 不适用于{kind}，适用于：{kinds}"
    ),
    "the phone '{cell}' is no telephone number": "电话“{cell}”不是电话号码",
    "the email '{text}' is no e-mail address": "邮箱“{text}”不是电子邮箱地址",
    "'{words}' is no longitude and latitude in degrees": "“{words}”不是以度为单位的经纬度",
    "the row holds characters that do not exist; write it anew": "这一行含有不存在的字符，请重新填写",
    "the id {id} stands in row {line} with other content{cause}": "编号 {id} 在第 {line} 行已有，内容不同{cause}",
    "; has Excel made zeros of its last digits? Format the column as text": (
        "；是不是 Excel 把末几位变成了零？请把这一列设为文本格式"
    ),
    "rejected by intake": "受理服务未受理",
    "the id {id}: {said}": "编号 {id}：{said}",
    "{rows} no case for {seconds:.0f} s; nothing is lost, intake has it.": (
        "{rows}在 {seconds:.0f} 秒内没有成为案件；没有丢失，受理服务已保存。"
    ),
    "See what is unsent, lagging or parked: linli status": "查看未发出、滞后或搁置的内容：linli status",
    # dates and numbers
    "the year of '{written}' has two digits; write it like {like}": "“{written}”的年份只有两位，请写成 {like}",
    "'{written}' is no time with one meaning: is the month first, or the day? Say --dates mdy or --dates dmy": (
        "“{written}”有两种读法：先写月还是先写日？请用 --dates mdy 或 --dates dmy"
    ),
    "is '{written}' after midnight, of that day or the next? Write it like {like}": (
        "“{written}”是当天还是次日的零点以后？请写成 {like}"
    ),
    "the zone CST is China's and Chicago's; write +08:00": "CST 既是中国时区也是芝加哥时区，请写 +08:00",
    "'{text}' is no time; write it like {like}": "“{text}”不是时间，请写成 {like}",
    "format the column as text in the spreadsheet, enter the numbers anew from their source, and save again": (
        "请在表格软件中把这一列设为文本格式，按原始资料重新输入后保存"
    ),
    "the id {cell} is a number in the sheet, of which Excel has rounded the last digits; {way_out}": (
        "编号 {cell} 在表中是数字，末几位已被 Excel 舍入；{way_out}"
    ),
    "the id {cell} is what Excel makes of a long number, and the other digits are lost; {way_out}": (
        "编号 {cell} 是 Excel 把长数字改写后的样子，其余数字已丢失；{way_out}"
    ),
    "'{cell}' is a spreadsheet's error and not what stood there; mend the formula or the width": (
        "“{cell}”是表格软件的错误提示，不是原来的内容；请改正公式或列宽"
    ),
    # files
    "or save it as “CSV UTF-8” or as XLSX": "或者另存为“CSV UTF-8”或 XLSX",
    "this is no CSV or XLSX file: it holds binary data, not text": (
        "这不是 CSV 或 XLSX 文件：内容是二进制数据，不是文字"
    ),
    "Korean (CP949)": "韩文（CP949）",
    "Japanese (Shift-JIS, CP932)": "日文（Shift-JIS，CP932）",
    "Traditional Chinese (Big5, CP950)": "繁体中文（Big5，CP950）",
    "Traditional Chinese (Big5-HKSCS)": "繁体中文（Big5-HKSCS）",
    "Japanese (EUC-JP)": "日文（EUC-JP）",
    "Western European (Windows-1252)": "西欧（Windows-1252）",
    "there is no encoding '{said}'; some that there are: {some}": "没有编码“{said}”；可用的有：{some}",
    "the file is neither UTF-8 nor GB18030 text; say --encoding NAME, {advice}": (
        "文件既不是 UTF-8 也不是 GB18030；请用 --encoding 编码名，{advice}"
    ),
    "the file is not UTF-8, and hardly GB18030; it looks like {likeliest}. If it is, say --encoding {name}; "
    "if it is Chinese, --encoding gb18030; {advice}": (
        "文件不是 UTF-8，也不像 GB18030，像是{likeliest}。如果是，请用 --encoding {name}；"
        "如果是中文，请用 --encoding gb18030；{advice}"
    ),
    "the file is not UTF-8, and as GB18030 it has characters that do not exist; say --encoding NAME, {advice}": (
        "文件不是 UTF-8，按 GB18030 读又有不存在的字符；请用 --encoding 编码名，{advice}"
    ),
    "the file begins as {name}, but this line is not; say --encoding NAME, {advice}": (
        "文件开头是 {name}，但这一行不是；请用 --encoding 编码名，{advice}"
    ),
    "here stands a NUL character, which no table has; delete it, or save it as XLSX": (
        "这里有一个 NUL 字符，表格里不该有；请删除它，或另存为 XLSX"
    ),
    "a quote opens here and closes lines below, with rows between: “{inner}”. Delete the quote, or close it; "
    "if the cell is right as it is, save the table as XLSX": (
        "这里的引号到下面几行才结束，中间夹着几行：“{inner}”。请删除或补上引号；如果本来就是这样，请另存为 XLSX"
    ),
    "a quote opens here and is never closed, so that all rows below stand in one cell; delete or close it": (
        "这里的引号没有结束，下面各行都落在同一格里；请删除或补上引号"
    ),
    "a quote stands in the middle of a cell here, or one above was not closed; write it twice or delete it": (
        "这里的单元格中间有引号，或者上面有引号没有结束；请写成两个引号，或删除"
    ),
    "the CSV cannot be read here: {error}": "CSV 从这里无法读取：{error}",
    "the file is empty; its first row must name the columns": "文件是空的；第一行应写列名",
    "row {said} is empty or not among the first; it cannot name the columns": (
        "第 {said} 行是空的，或不在开头几行，不能作为列名"
    ),
    "--sheet: this is no workbook, it has no sheets": "--sheet：这不是工作簿，没有工作表",
    "reading this workbook takes more memory or time than a table may. Does a cell stand far below or far to the right "
    "of the others? Delete the empty rows and columns between, or save the rows as CSV": (
        "读取这个工作簿占用的内存或时间太多。是不是有单元格远在其他内容的下方或右侧？请删除中间的空行空列，或另存为 CSV"
    ),
    "the workbook is protected by a password; save it without one": "工作簿有密码保护，请取消密码后保存",
    "the workbook cannot be opened: {error}; save it as XLSX and try again": (
        "工作簿无法打开：{error}；请另存为 XLSX 再试"
    ),
    "the workbook unpacks to {size} MB, at most {most} are read; save the rows as CSV, or as several workbooks": (
        "工作簿解压后有 {size} MB，最多读取 {most} MB；请另存为 CSV，或分成几个工作簿"
    ),
    "there is no sheet '{wanted}'; the sheets are {sheets}": "没有工作表“{wanted}”；现有的工作表：{sheets}",
    "the workbook has no sheet with cells": "工作簿中没有有内容的工作表",
}
