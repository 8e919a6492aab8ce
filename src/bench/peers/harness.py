#!/usr/bin/env python3
"""lm-evaluation-harness on transformers, asked task by task: the peer that Kerf's `harness` benchmark measures against.

    harness.py --model FILE.gguf --threads 2 --batch 16 --work FOLDER

Loads the model once, then reads questions from standard input, one JSON object a line, and answers each with one line:

    {"task": "piqa", "file": "rows.jsonl", "rows": 300, "dtype": "float32"}
    {"seconds": 58.1, "requests": [["Question: ...", " choice", -12.3], ...], "acc": 0.66, "acc_norm": 0.67}

With {"shots": 5, "shots_file": "shots.jsonl"} the first five rows of that file stand before every question.

The seconds are those of the model's `loglikelihood` alone: building requests, statistics and logging are left out.
The first line that it writes says which versions are at work.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # whatever the libraries print must not mix with the answers


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True, help="a GGUF file of a LLaMA-like model")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--work", type=Path, required=True, help="where task files and the libraries' caches go")
    return parser.parse_args()


def tokenizer_of(gguf):
    """The file's tokenizer. transformers' reading of `tokenizer.ggml.pre = smollm` leaves out that digits stand alone."""
    from gguf import GGUFReader
    from tokenizers import Tokenizer
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    read = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    pre = GGUFReader(gguf).get_field("tokenizer.ggml.pre")
    if pre is None or pre.contents() != "smollm":
        return read
    spelled = json.loads(read.backend_tokenizer.to_str())
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    digits = {"type": "Digits", "individual_digits": True}
    spelled["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [digits, byte_level]}
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(spelled)),
        bos_token=read.bos_token,
        eos_token=read.eos_token,
        pad_token=read.pad_token or read.eos_token,
    )


def task_file(folder, task, rows, shots):
    """The stock task with its validation rows, and those of its shots where there are such, read from local files."""
    import lm_eval

    stock = next((Path(lm_eval.__file__).parent / "tasks").rglob(f"{task}.yaml"))
    files = {"validation": str(rows), **({"train": str(shots)} if shots else {})}
    lines = [
        f"include: {stock}",
        f"task: local_{task}",
        "dataset_path: json",
        "dataset_name: null",
        f"dataset_kwargs: {{data_files: {json.dumps(files)}}}",
        f"training_split: {'train' if shots else 'null'}",
        "test_split: null",
        "tag: null",
    ]
    if shots:
        lines += ["fewshot_split: train", "fewshot_config: {sampler: first_n}"]
    (folder / f"local_{task}.yaml").write_text("\n".join(lines) + "\n")
    return f"local_{task}"


class Harness:
    def __init__(self, gguf, batch, work):
        import torch
        from transformers import AutoModelForCausalLM

        self.dtypes = {"float32": torch.float32, "bfloat16": torch.bfloat16}
        self.model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32).eval()
        self.tokenizer, self.batch, self.work, self.held = tokenizer_of(gguf), batch, work, {}

    def lm(self, dtype):
        import copy

        from lm_eval.models.huggingface import HFLM

        if dtype not in self.held:
            model = copy.deepcopy(self.model).to(self.dtypes[dtype])
            self.held[dtype] = HFLM(pretrained=model, tokenizer=self.tokenizer, batch_size=self.batch)
        return self.held[dtype]

    def answer(self, question):
        from lm_eval import simple_evaluate
        from lm_eval.tasks import TaskManager

        lm, seen = self.lm(question["dtype"]), {}
        shots = Path(question["shots_file"]).resolve() if "shots" in question else None
        name = task_file(self.work, question["task"], Path(question["file"]).resolve(), shots)
        plain = lm.loglikelihood

        def timed(requests, **options):
            start = time.perf_counter()
            scores = plain(requests, **options)
            seen["seconds"] = time.perf_counter() - start
            seen["requests"] = [[*request.args, score] for request, (score, _) in zip(requests, scores)]
            return scores

        lm.loglikelihood = timed
        try:
            manager = TaskManager(include_path=str(self.work), include_defaults=False)
            found = simple_evaluate(
                model=lm,
                tasks=[name],
                task_manager=manager,
                num_fewshot=question.get("shots", 0),
                limit=question["rows"],
                bootstrap_iters=0,
            )
        finally:
            lm.loglikelihood = plain
        result = found["results"][name]
        return {**seen, "acc": result["acc,none"], "acc_norm": result["acc_norm,none"]}


def main():
    options = arguments()
    options.work.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("HF_HOME", str(options.work.resolve() / "cache"))
    os.environ.update(HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false", TQDM_DISABLE="1")
    import lm_eval
    import torch
    import transformers

    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    harness = Harness(options.model.resolve(), options.batch, options.work.resolve())
    versions = {"lm_eval": lm_eval.__version__, "transformers": transformers.__version__, "torch": torch.__version__}
    print(json.dumps(versions), file=ANSWERS)
    for line in sys.stdin:
        print(json.dumps(harness.answer(json.loads(line))), file=ANSWERS)


if __name__ == "__main__":
    main()
