"""What lm-evaluation-harness asks, of rows made up here, in every task that Kerf has a definition of.

    python tasks.py FOLDER

Writes FOLDER/harness (rows where Kerf looks for them), FOLDER/stock.json (task to the harness's own YAML file, where Kerf can read it as it
is) and FOLDER/requests.jsonl: {"task", "shots", "documents": [{"requests": [[...], ...], "values": {...}}]}. The values are the harness's, for
answers that both sides make up: of a request with characters c, log-likelihood -(sum(c) mod 997) / 10, greedy where the sum is even.
"""

import csv
import json
import random
import sys
from pathlib import Path

import lm_eval.tasks
from lm_eval.api.task import ConfigurableTask
from lm_eval.tasks._yaml_loader import load_yaml

STOCK = Path(lm_eval.tasks.__file__).parent
WORDS = ["saw", "it's", 'a "quote"', "東京", "café", "back\\slash", "x  y", "[title]", "[header] So", "naïve", "_", "10", "{{x}}", "Ökonomie", "😀", "no.", "a", "B"]
RND = random.Random(7)


def text(n, clean=False):
    words = [w for w in WORDS if not clean or w not in ("_", "[title]", "[header] So")]
    return RND.choice(["", "", " ", "\n"][: 2 if clean else 4]) + " ".join(RND.choice(words) for _ in range(n)) + RND.choice(["", ".", "?", " "])


def choices(n):
    return [f"{text(2, True)} {i}" for i in range(n)]


def labelled(n, key):
    return {"question": text(6), "question_stem": text(5), "choices": {"text": choices(n), "label": list("ABCDE"[:n])}, "answerKey": key(n)}


def letter(n):
    return RND.choice("ABCDE"[:n])


def race():
    problems = []
    for i in range(3):
        question = text(4, True) + RND.choice(["", "  _  ."])
        problems.append({"question": question, "answer": letter(4), "options": choices(4)})
    return {"article": text(20), "problems": str(problems)}


def page():
    raw = " = Title = \n \n It 's a ( bracketed ) \" quote \" , 10 @,@ 000 @-@ fold ; 3 @.@ 5 ° C . = = Part = = \n [ x ] N { y } ' z ' / ' 5/ !"
    return {"page": raw + " " + text(12) + "\n "}


def mc(n):
    return {"choices": choices(n), "labels": [1] + [RND.randint(0, 1) for _ in range(n - 1)]}


# Task: the harness's file, rows of a split, Kerf's files by split, splits.
def named(stock, make, stem, splits):
    return {"stock": stock, "make": make, "files": {s: f"harness/{stem}_{s}.jsonl" for s in splits}}


ALL = ("train", "validation", "test")
TASKS = {
    "piqa": named("piqa/piqa.yaml", lambda: {"goal": text(5), "sol1": text(3), "sol2": text(4) + "x", "label": RND.randint(0, 1)}, "piqa", ALL[:2]),
    "arc_easy": named("arc/arc_easy.yaml", lambda: labelled(4, letter), "arc_easy", ALL),
    "arc_challenge": named("arc/arc_challenge.yaml", lambda: labelled(5, letter), "arc_challenge", ALL),
    "openbookqa": named("openbookqa/openbookqa.yaml", lambda: labelled(4, lambda n: " " + letter(n)), "openbookqa_main", ALL),
    "boolq": named("super_glue/boolq/default.yaml", lambda: {"passage": text(9), "question": text(4), "label": RND.randint(0, 1)}, "boolq", ALL[:2]),
    "hellaswag": named(
        "hellaswag/hellaswag.yaml",
        lambda: {"activity_label": text(2, True), "ctx_a": text(6), "ctx_b": text(3), "endings": [text(4) + str(i) for i in range(4)], "label": str(RND.randint(0, 3))},
        "hellaswag",
        ALL[:2],
    ),
    "winogrande": named(
        "winogrande/default.yaml",
        lambda: {"sentence": text(3, True) + " _ " + text(4, True), "option1": text(1, True), "option2": text(1, True) + "x", "answer": RND.choice("12")},
        "winogrande_xl",
        ALL[:2],
    ),
    "lambada_openai": named("lambada/lambada_openai.yaml", lambda: {"text": text(8) + " end"}, "lambada_openai", ALL[2:]),
    "lambada_standard": named("lambada/lambada_standard.yaml", lambda: {"text": text(8) + " end"}, "lambada_standard", ALL[1:]),
    "sciq": named(
        "sciq/sciq.yaml",
        lambda: {"support": text(8), "question": text(4), "distractor1": text(1) + "1", "distractor2": text(2) + "2", "distractor3": text(1) + "3", "correct_answer": text(2) + "4"},
        "sciq",
        ALL,
    ),
    "copa": named(
        "super_glue/copa/default.yaml",
        lambda: {"premise": text(5), "choice1": "One " + text(3), "choice2": "Two " + text(3), "question": RND.choice(["cause", "effect"]), "label": RND.randint(0, 1)},
        "copa",
        ALL[:2],
    ),
    "commonsense_qa": named("commonsense_qa/default.yaml", lambda: labelled(5, letter), "commonsense_qa", ALL[:2]),
    "race": named("race/race.yaml", race, "race_high", ALL[2:]),
    "truthfulqa_mc1": named("truthfulqa/truthfulqa_mc1.yaml", lambda: {"question": text(5), "mc1_targets": mc(4), "mc2_targets": mc(6)}, "truthfulqa_mc", ALL[1:2]),
    "truthfulqa_mc2": named("truthfulqa/truthfulqa_mc2.yaml", lambda: {"question": text(5), "mc1_targets": mc(4), "mc2_targets": mc(6)}, "truthfulqa_mc", ALL[1:2]),
    "wikitext": named("wikitext/wikitext.yaml", page, "wikitext_pages", ALL),
}
TASKS["hellaswag"]["files"]["validation"] = "harness/hellaswag_val_sample.jsonl"
TASKS["lambada_openai"]["files"]["test"] = "harness/lambada_openai_mosaic.jsonl"
for subject in ("anatomy", "high_school_geography", "philosophy", "virology"):
    TASKS[f"mmlu_{subject}"] = {
        "stock": f"mmlu/default/mmlu_{subject}.yaml",
        "make": lambda: {"question": text(6), "choices": choices(4), "answer": RND.randint(0, 3)},
        "files": {"dev": f"harness/mmlu/dev/{subject}_dev.csv", "test": f"harness/mmlu/test/{subject}_test.csv"},
    }


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            for row in rows:
                csv.writer(file).writerow([row["question"], *row["choices"], "ABCD"[row["answer"]]])
        path = path.with_suffix(".jsonl")
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def number(request):
    return sum(ord(c) for part in request for c in part)


def answered(task, doc_id, doc, requests):
    results = []
    for request in requests:
        ll = -(number(request) % 997) / 10
        results.append(ll if task.OUTPUT_TYPE == "loglikelihood_rolling" else (ll, number(request) % 2 == 0))
    return {key: value for key, value in task.process_results(doc, results).items() if isinstance(value, (int, float))}


def run(folder):
    stock, lines = {}, []
    made = {}
    for name, task in TASKS.items():
        data = {}
        for split, file in task["files"].items():
            if file not in made:
                made[file] = write(folder / file, [task["make"]() for _ in range(40 if split == "train" else 9)])
            data[split] = made[file]
        path = STOCK / task["stock"]
        for shots in (0, 1, 3, 5, 7):
            config = load_yaml(path, resolve_func=True)
            for key in ("tag", "group", "task_list", "dataset_name"):
                config.pop(key, None)
            fixed = config.get("num_fewshot")
            if shots and (fixed == 0 or config["output_type"] == "loglikelihood_rolling"):
                continue
            config.update(dataset_path="json", dataset_kwargs={"data_files": data}, num_fewshot=shots)
            asked = ConfigurableTask(config=config)
            asked.set_fewshot_seed(1234)
            asked.build_all_requests()
            docs = {}
            for instance in asked.instances:
                docs.setdefault(instance.doc_id, (instance.doc, []))[1].append(list(instance.args))
            documents = [{"requests": requests, "values": answered(asked, i, doc, requests)} for i, (doc, requests) in docs.items()]
            lines.append({"task": name, "shots": shots, "documents": documents})
        if "!function" not in path.read_text() and ("include" not in path.read_text() or "!function" not in (path.parent / str(load_yaml(path, recursive=False).get("include", path.name))).read_text()):
            stock[name] = str(path)
    (folder / "stock.json").write_text(json.dumps(stock))
    with (folder / "requests.jsonl").open("w", encoding="utf-8") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


run(Path(sys.argv[1]).absolute())
