package io.kerf.model;

import io.kerf.Fixtures;
import io.kerf.RandomAdapters;
import io.kerf.format.Llama2cBytes;
import io.kerf.mutation.ByteMutations;
import io.kerf.mutation.JsonMutations;
import io.kerf.mutation.MutationRun;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.FloatTensor;
import io.kerf.text.Tokenizer;
import io.kerf.text.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole models, of which what describes them is damaged: every weight of one that opens is read.
 */
class ModelMutationTest {
  @TempDir Path folder;

  /** Every configuration of the fixtures, beside its own weights. */
  @Test
  void configurations() throws IOException {
    record Original(Path folder, byte[] config, Tokenizer tokenizer) {}
    List<Original> originals = new ArrayList<>();
    for (Path model : Fixtures.cases("models", "*")) {
      Path beside = Files.createDirectory(folder.resolve(model.getFileName()));
      try (Stream<Path> files = Files.list(model)) {
        for (Path file : files.filter(f -> !f.endsWith("config.json")).toList()) {
          Files.createSymbolicLink(beside.resolve(file.getFileName()), file.toAbsolutePath());
        }
      }
      Tokenizer tokenizer = Tokenizers.read(model);
      try (Stream<Path> files = Files.list(model)) {
        for (Path file :
            files.filter(f -> f.getFileName().toString().startsWith("config")).toList()) {
          originals.add(new Original(beside, Files.readAllBytes(file), tokenizer));
        }
      }
    }
    Original[] now = new Original[1];
    MutationRun.of(
        "config.json",
        folder.resolve("config.json"),
        random -> {
          now[0] = originals.get(random.nextInt(originals.size()));
          return random.nextInt(4) == 0
              ? ByteMutations.of(now[0].config, random)
              : JsonMutations.of(now[0].config, random);
        },
        file -> {
          Path config = now[0].folder.resolve("config.json");
          Files.deleteIfExists(config);
          Files.copy(file, config);
          readAll(ModelReader.read(now[0].folder, now[0].tokenizer));
        });
  }

  /** An adapter's configuration, or the header or bytes of its weights, beside the other. */
  @Test
  void adapters() throws IOException {
    Model model = RandomAdapters.model(Family.GPT2);
    Model adapted = RandomAdapters.of(model, AdapterLayers.of(model).all(), 1, 2).applyTo(model);
    Path whole = folder.resolve("whole");
    AdapterWriter.write(adapted, whole, "x", Saving.asStored(), "test", ProgressListener.NONE);
    Path damaged = Files.createDirectory(folder.resolve("damaged"));
    for (String name : List.of(AdapterConfig.NAME, AdapterFolder.WEIGHTS)) {
      byte[] valid = Files.readAllBytes(whole.resolve(name));
      boolean json = name.endsWith(".json");
      MutationRun.of(
          name,
          folder.resolve(name),
          random ->
              json && random.nextInt(4) > 0
                  ? JsonMutations.of(valid, random)
                  : ByteMutations.of(valid, random),
          file -> {
            for (String each : List.of(AdapterConfig.NAME, AdapterFolder.WEIGHTS)) {
              Path from = each.equals(name) ? file : whole.resolve(each);
              Files.deleteIfExists(damaged.resolve(each));
              Files.copy(from, damaged.resolve(each));
            }
            readAll(AdapterFolder.open(damaged).applyTo(model));
          });
    }
  }

  @Test
  void ggufModels() throws IOException {
    Path file = folder.resolve("tiny.gguf");
    byte[] bytes = Files.readAllBytes(gguf("gpt2").write(file));
    byte[] scored = Files.readAllBytes(gguf("llama").write(file));
    MutationRun.of(
        "gguf model",
        file,
        random -> ByteMutations.of(random.nextBoolean() ? bytes : scored, random),
        damaged -> readAll(ModelReader.read(damaged)));
  }

  @Test
  void llama2cModels() throws IOException {
    Files.write(folder.resolve("tokenizer.bin"), Llama2cBytes.vocabulary(List.of("ab", "b", "a")));
    byte[] valid = Llama2cBytes.weights(1, 4, 6, 2, 2, 1, 262, 3);
    MutationRun.of(
        "llama2.c model",
        folder.resolve("tiny.bin"),
        random -> ByteMutations.of(valid, random),
        file -> readAll(ModelReader.read(file)));
  }

  private static GgufBytes gguf(String vocabulary) {
    GgufBytes file = new GgufBytes();
    file.metadata.put("general.architecture", "llama");
    file.metadata.put("llama.block_count", 1);
    file.metadata.put("llama.context_length", 32);
    file.metadata.put("llama.embedding_length", 4);
    file.metadata.put("llama.feed_forward_length", 6);
    file.metadata.put("llama.attention.head_count", 2);
    file.metadata.put("llama.attention.head_count_kv", 1);
    file.metadata.put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
    file.metadata.put("llama.rope.freq_base", 100f);
    file.metadata.put("llama.rope.scaling.type", "linear");
    file.metadata.put("llama.rope.scaling.factor", 2f);
    file.metadata.put("tokenizer.ggml.model", vocabulary);
    file.metadata.put("tokenizer.ggml.tokens", List.of("a", "b", "ab"));
    file.metadata.put("tokenizer.ggml.token_type", List.of(1, 1, 1));
    if (vocabulary.equals("gpt2")) {
      file.metadata.put("tokenizer.ggml.pre", "smollm");
      file.metadata.put("tokenizer.ggml.merges", List.of("a b"));
    } else {
      file.metadata.put("tokenizer.ggml.scores", List.of(-1f, -2f, -3f));
    }
    file.metadata.put("tokenizer.ggml.bos_token_id", 0);
    file.metadata.put("tokenizer.ggml.add_bos_token", true);
    file.metadata.put("tokenizer.ggml.unknown_token_id", 1);
    tensor(file, "token_embd.weight", 3, 4);
    tensor(file, "output_norm.weight", 4);
    tensor(file, "blk.0.attn_norm.weight", 4);
    tensor(file, "blk.0.ffn_norm.weight", 4);
    tensor(file, "blk.0.attn_q.weight", 4, 4);
    tensor(file, "blk.0.attn_k.weight", 2, 4);
    tensor(file, "blk.0.attn_v.weight", 2, 4);
    tensor(file, "blk.0.attn_output.weight", 4, 4);
    tensor(file, "blk.0.ffn_gate.weight", 6, 4);
    tensor(file, "blk.0.ffn_up.weight", 6, 4);
    tensor(file, "blk.0.ffn_down.weight", 4, 6);
    return file;
  }

  private static void tensor(GgufBytes file, String name, int... sizes) {
    int elements = 1;
    for (int size : sizes) {
      elements *= size;
    }
    file.tensors.put(name, FloatTensor.of(new float[elements], sizes));
  }

  private static void readAll(Model model) {
    model.shared().values().forEach(ModelMutationTest::readAll);
    model
        .blocks()
        .forEach(block -> block.parameters().values().forEach(ModelMutationTest::readAll));
    model.tokenizer().encode("ab b", true);
  }

  private static void readAll(Parameter parameter) {
    if (parameter.weight() != null) {
      parameter.weight().toFloats();
    }
    parameter.optionalBias().ifPresent(bias -> bias.toFloats());
  }
}
