"""Writes the files of this folder: rows as pyarrow, pandas and datasets write them.

Beside each file FILE that is read lies FILE.golden, a JSON object a line: what Python reads of it;
FILE.typed is that of a CSV file whose columns pandas types. Run in this folder: python make.py
"""

import base64
import datetime
import decimal
import gzip
import json
import math
import random

import pandas
import pyarrow as pa
import pyarrow.parquet as pq
from datasets import Dataset

TEXTS = ["", "plain", "Grüße, 世界 🌍", 'a "quoted" word', "two\nlines", "tab\there", " spaced "]


def plain(value):
    """A value as JSON has it: times in ISO 8601, bytes in base64."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime):
        text = value.strftime("%Y-%m-%dT%H:%M:%S") + fraction(value.microsecond)
        return text + ("Z" if value.tzinfo else "")
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M:%S") + fraction(value.microsecond)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, float) and math.isnan(value):
        return None
    return value


def fraction(micros):
    return ("." + f"{micros:06d}".rstrip("0")) if micros else ""


def golden(name, rows):
    with open(name + ".golden", "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(plain(row), ensure_ascii=False) + "\n")


def parquet(name, table, **options):
    pq.write_table(table, name, **options)
    golden(name, pq.read_table(name).to_pylist())


def questions(count, seed):
    """The shape of ARC: choices are a structure of lists."""
    random.seed(seed)
    return [
        {
            "id": f"q{i}",
            "question": random.choice(TEXTS) + f" {i}?",
            "choices": {
                "text": [random.choice(TEXTS) for _ in range(i % 5)],
                "label": list("ABCDE"[: i % 5]),
            },
            "answerKey": random.choice("ABCD"),
        }
        for i in range(count)
    ]


def nested():
    kind = pa.struct(
        [
            ("a", pa.list_(pa.list_(pa.int32()))),
            ("b", pa.struct([("c", pa.string()), ("d", pa.list_(pa.struct([("e", pa.float64())])))])),
        ]
    )
    rows = [
        {"n": {"a": [[1, None], [], None, [3]], "b": {"c": "x", "d": [{"e": 0.5}, None, {"e": None}]}}},
        {"n": None},
        {"n": {"a": None, "b": None}},
        {"n": {"a": [], "b": {"c": None, "d": []}}},
        {"n": {"a": [[]], "b": {"c": "", "d": None}}},
        {"n": {"a": [[7, 8, 9]], "b": {"c": "y", "d": [{"e": -1e300}]}}},
    ] * 5
    return pa.table({"n": pa.array([row["n"] for row in rows], kind), "i": list(range(len(rows)))})


def kinds():
    """A column of every kind of value, with a null in each."""
    utc = datetime.timezone.utc
    time = datetime.datetime(2024, 2, 29, 12, 30, 5, 120000)
    half = pa.array([0.5, None, -2.0, 65504.0, 0.000060975551605224609375], pa.float16())
    return pa.table(
        {
            "bool": [True, None, False, True, True],
            "int8": pa.array([1, None, -128, 127, 0], pa.int8()),
            "uint8": pa.array([1, None, 255, 0, 7], pa.uint8()),
            "uint32": pa.array([1, None, 2**32 - 1, 0, 7], pa.uint32()),
            "uint64": pa.array([1, None, 2**64 - 1, 0, 7], pa.uint64()),
            "int64": pa.array([1, None, -(2**63), 2**63 - 1, 0], pa.int64()),
            "float": pa.array([0.1, None, -1.5, 3e38, 0.0], pa.float32()),
            "double": pa.array([0.1, None, -1.5, 1e308, 5e-324], pa.float64()),
            "half": half,
            "text": pa.array(["a", None, "", "é", "z" * 300]),
            "large": pa.array(["a", None, "", "é", "z"], pa.large_string()),
            "bytes": pa.array([b"\x00\xff", None, b"", b"abc", b"x"], pa.binary()),
            "fixed": pa.array([b"abc", None, b"\x00\x01\x02", b"xyz", b"..."], pa.binary(3)),
            "decimal": pa.array([decimal.Decimal("1.25"), None, decimal.Decimal("-99.50"), 0, 7], pa.decimal128(9, 2)),
            "date": [datetime.date(2024, 2, 29), None, datetime.date(1969, 12, 31), datetime.date(1, 1, 1), datetime.date(2000, 1, 1)],
            "time": [datetime.time(1, 2, 3), None, datetime.time(23, 59, 59, 999000), datetime.time(0, 0), datetime.time(12, 0)],
            "stamp": pa.array([time, None, datetime.datetime(1969, 12, 31, 23, 59, 59), time, time], pa.timestamp("us")),
            "utc": pa.array([time.replace(tzinfo=utc), None, time.replace(tzinfo=utc)] * 1 + [time.replace(tzinfo=utc)] * 2, pa.timestamp("ms", "UTC")),
            "category": pa.array(["x", None, "y", "x", "x"]).dictionary_encode(),
            "nothing": pa.nulls(5),
        }
    )


def numbers(count):
    random.seed(3)
    return pa.table(
        {
            "ascending": pa.array(range(1000, 1000 + count), pa.int64()),
            "small": pa.array([random.randrange(-5, 5) for _ in range(count)], pa.int32()),
            "wild": pa.array([random.randrange(-(2**63), 2**63) for _ in range(count)], pa.int64()),
            "float": pa.array([random.random() for _ in range(count)], pa.float32()),
            "text": pa.array([f"row number {i // 3}" if i % 7 else None for i in range(count)]),
            "flag": pa.array([i % 3 == 0 for i in range(count)]),
        }
    )


ARC = pa.Table.from_pylist(questions(23, 1))
for codec in ["none", "snappy", "gzip", "zstd"]:
    parquet(f"arc_{codec}.parquet", ARC, compression=codec)
parquet("groups.parquet", pa.Table.from_pylist(questions(23, 2)), row_group_size=7, data_page_size=64, write_batch_size=4)
parquet("second_version.parquet", pa.Table.from_pylist(questions(23, 3)), data_page_version="2.0", compression="zstd")
parquet("checksums.parquet", ARC, write_page_checksum=True)
parquet("item_names.parquet", ARC, use_compliant_nested_type=False)
parquet("nested.parquet", nested())
parquet("nested_second_version.parquet", nested(), data_page_version="2.0", data_page_size=16, write_batch_size=3)
parquet("kinds.parquet", kinds())
parquet("kinds_plain.parquet", kinds(), use_dictionary=False, data_page_version="2.0", compression="gzip")
parquet("flavour_spark.parquet", kinds().select(["text", "stamp"]), use_deprecated_int96_timestamps=True)
parquet(
    "deltas.parquet",
    numbers(300),
    use_dictionary=False,
    column_encoding={
        "ascending": "DELTA_BINARY_PACKED",
        "small": "DELTA_BINARY_PACKED",
        "wild": "DELTA_BINARY_PACKED",
        "float": "BYTE_STREAM_SPLIT",
        "text": "DELTA_BYTE_ARRAY",
        "flag": "RLE",
    },
)
parquet("lengths.parquet", numbers(100).select(["text"]), use_dictionary=False, column_encoding={"text": "DELTA_LENGTH_BYTE_ARRAY"})
parquet("numbers.parquet", numbers(120), data_page_size=100, write_batch_size=16)
parquet("map.parquet", pa.table({"m": pa.array([[("a", 1), ("b", None)], None, []], pa.map_(pa.string(), pa.int32()))}))
golden("map.parquet", [{"m": [{"key": "a", "value": 1}, {"key": "b", "value": None}]}, {"m": None}, {"m": []}])
parquet("empty.parquet", ARC.slice(0, 0))
pq.write_table(ARC, "refused_brotli.parquet", compression="brotli")
pandas.DataFrame(questions(5, 4)).to_parquet("pandas.parquet")
golden("pandas.parquet", questions(5, 4))
Dataset.from_list(questions(9, 5)).to_parquet("datasets.parquet")
golden("datasets.parquet", questions(9, 5))
Dataset.from_list(questions(6, 6)).to_json("datasets.jsonl")
golden("datasets.jsonl", questions(6, 6))
with open("array.json", "w", encoding="utf-8") as out:
    json.dump(questions(6, 7), out, ensure_ascii=False, indent=1)
golden("array.json", questions(6, 7))
with gzip.GzipFile("zipped.jsonl.gz", "wb", mtime=0) as out:
    for row in questions(6, 8):
        out.write((json.dumps(row) + "\n").encode())
golden("zipped.jsonl.gz", questions(6, 8))

FRAME = pandas.DataFrame(
    {
        "text": TEXTS,
        "whole": [1, -2, 3, 4, 5, 2**62, 0],
        "gaps": [1, None, 3, 4, 5, 6, 7],
        "number": [0.5, 1.0, -2.25, 1e10, 3, 4, 5],
        "flag": [True, False, True, True, False, False, True],
        "mixed": ["1", "2", "x", "4", "5", "6", "7"],
    }
)
for name, options in [("table.csv", {}), ("table.tsv", {"sep": "\t"}), ("table.csv.gz", {"compression": {"method": "gzip", "mtime": 0}})]:
    FRAME.to_csv(name, index=False, **options)
    read = {"sep": options.get("sep", ",")}
    golden(name, pandas.read_csv(name, dtype=str, keep_default_na=False, **read).to_dict("records"))
    typed = pandas.read_csv(name, **read).astype(object)
    with open(name + ".typed", "w", encoding="utf-8") as out:
        for row in typed.where(typed.notna(), None).to_dict("records"):
            out.write(json.dumps(plain(row), ensure_ascii=False) + "\n")
