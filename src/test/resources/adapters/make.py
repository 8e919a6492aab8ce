#!/usr/bin/env python3
"""Writes LoRA adapters of the tiny checkpoints and the logits that PEFT gives with them.

    make.py MODELS OUT [SEED]

MODELS holds checkpoints, one a folder (fixtures/models). OUT gets a folder for each adapter, as PEFT saves it, and beside
it golden.json and golden.safetensors: the checkpoint's name and token ids; logits (T, V). A and B are random; both are small, so that logits move by
what a trained adapter moves them by. Needs torch, transformers and peft; made with torch 2.15.0, transformers 5.18.0 and
peft 0.21.2.

Every checkpoint whose architecture has a row below and that is there gets that row's adapters.
"""

import json
import os
import shutil
import sys
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import peft  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402

TOKENS = 12

# model_type: name of the adapter, its configuration
ADAPTERS = {
    "llama": {
        "qv": dict(r=4, lora_alpha=8, target_modules=["q_proj", "v_proj"]),
        "rslora": dict(r=5, lora_alpha=3, target_modules="all-linear", use_rslora=True),
        "patterns": dict(
            r=3,
            lora_alpha=6,
            target_modules=r".*\.layers\.[1-9]\.(self_attn\.(k|o)_proj|mlp\.(up|down)_proj)",
            rank_pattern={"mlp.up_proj": 2, r"layers\.1\..*k_proj": 1},
            alpha_pattern={"down_proj": 5},
        ),
        "layers": dict(r=2, lora_alpha=2, target_modules=["gate_proj"], layers_to_transform=[0, 2], exclude_modules=["layers.0.mlp.gate_proj"]),
    },
    "gpt2": {
        "fused": dict(r=4, lora_alpha=8, target_modules=["c_attn"], fan_in_fan_out=True),
        "all": dict(r=2, lora_alpha=4, target_modules=["c_attn", "c_proj", "c_fc"], rank_pattern={"c_attn": 3}, fan_in_fan_out=True),
    },
    "gpt_neox": {"fused": dict(r=4, lora_alpha=8, target_modules=["query_key_value", "dense"])},
    "bert": {"qv": dict(r=4, lora_alpha=8, target_modules=["query", "value"]), "dense": dict(r=2, lora_alpha=1, target_modules=["dense"])},
    "albert": {"shared": dict(r=3, lora_alpha=6, target_modules=["query", "ffn", "ffn_output"])},
    "t5": {"qv": dict(r=4, lora_alpha=8, target_modules=["q", "v"]), "all": dict(r=3, lora_alpha=3, target_modules="all-linear")},
    "phi": {"all": dict(r=2, lora_alpha=4, target_modules="all-linear")},
}


def make(checkpoint, out, name, config, seed):
    plain = transformers.AutoConfig.from_pretrained(checkpoint)
    kind = getattr(transformers, plain.architectures[0])
    model = kind.from_pretrained(checkpoint, dtype=torch.float32, attn_implementation="eager").eval()
    task = "SEQ_2_SEQ_LM" if plain.is_encoder_decoder else "CAUSAL_LM" if "CausalLM" in kind.__name__ or "LMHead" in kind.__name__ else None
    adapted = peft.get_peft_model(model, peft.LoraConfig(task_type=task, **config)).eval()
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, value in adapted.named_parameters():
            if "lora_" in key:
                value.copy_(torch.randn(value.shape, generator=random) * 0.05)
    ids = torch.randint(0, plain.vocab_size, (1, TOKENS), generator=random)
    inputs = {"input_ids": ids}
    if plain.is_encoder_decoder:
        inputs["decoder_input_ids"] = torch.randint(0, plain.vocab_size, (1, TOKENS // 2), generator=random)
        inputs["decoder_input_ids"][0, 0] = plain.decoder_start_token_id
    with torch.no_grad():
        logits = adapted(**inputs).logits[0]
        with adapted.disable_adapter():
            moved = (logits - adapted(**inputs).logits[0]).abs().max().item()
    folder = out / f"{checkpoint.name}.{name}"
    shutil.rmtree(folder, ignore_errors=True)
    adapted.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    said = json.loads((folder / "adapter_config.json").read_text())
    said["base_model_name_or_path"] = os.path.relpath(checkpoint, folder)
    if isinstance(said["target_modules"], list):
        said["target_modules"].sort()
    (folder / "adapter_config.json").write_text(json.dumps(said, indent=2, sort_keys=True) + "\n")
    save_file(load_file(folder / "adapter_model.safetensors"), folder / "adapter_model.safetensors", metadata={"format": "pt"})
    golden = {"model": checkpoint.name, "ids": ids[0].tolist(), "moved": moved}
    if plain.is_encoder_decoder:
        golden["decoder_ids"] = inputs["decoder_input_ids"][0].tolist()
    save_file({"logits": logits.contiguous()}, folder / "golden.safetensors")
    (folder / "golden.json").write_text(json.dumps(golden) + "\n")
    print(folder.name, f"logits move by {moved:.3f}")


def main():
    models, out = Path(sys.argv[1]), Path(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    torch.set_num_threads(1)
    out.mkdir(parents=True, exist_ok=True)
    for checkpoint in sorted(models.iterdir()):
        kind = json.loads((checkpoint / "config.json").read_text())["model_type"]
        for name, config in ADAPTERS.get(kind, {}).items():
            make(checkpoint, out, name, config, seed)


main()
