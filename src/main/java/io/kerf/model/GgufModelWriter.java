package io.kerf.model;

import io.kerf.format.Draft;
import io.kerf.format.GgufFile;
import io.kerf.format.GgufWriter;
import io.kerf.format.Payload;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.Encoding;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.SelectedRows;
import io.kerf.tensor.StackedRows;
import io.kerf.tensor.Tensor;
import io.kerf.text.GgufTokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Turns a model into a GGUF file that llama.cpp opens: LLaMA, Qwen2, Qwen3, GPT-2. */
public final class GgufModelWriter {
  private static final String VERSION = "kerf.version";
  private static final List<Family> FAMILIES =
      List.of(Family.LLAMA, Family.QWEN2, Family.QWEN3, Family.GPT2);

  private final Model model;
  private final Config config;
  private final GgufEncoding encoding;
  private final List<Payload> tensors = new ArrayList<>();

  private GgufModelWriter(Model model, GgufEncoding encoding) {
    this.model = model;
    this.config = model.config();
    this.encoding = encoding;
    check();
    model.shared().forEach((role, parameter) -> add(role, -1, parameter));
    for (int i = 0; i < model.blocks().size(); i++) {
      block(i, model.blocks().get(i).parameters());
    }
    factors();
  }

  /**
   * Writes a file: whole by one rename, or not at all.
   *
   * @param file must not exist, or be one that Kerf wrote and {@code replaces} ask for another
   * @param version Kerf's, which the file names
   * @param listener sees the tensors' bytes
   * @throws IllegalArgumentException if llama.cpp's format cannot express the model
   */
  public static void write(
      Model model,
      Path file,
      GgufEncoding encoding,
      boolean replaces,
      String version,
      ProgressListener listener) {
    checkPlace(file, replaces);
    GgufModelWriter writer = new GgufModelWriter(model, encoding);
    Map<String, Object> metadata = writer.metadata();
    metadata.put(VERSION, version);
    metadata.putAll(GgufTokens.of(model.tokenizer(), model.config().vocabulary()));
    long bytes = writer.tensors.stream().mapToLong(Payload::sizeBytes).sum();
    try (Draft draft = Draft.file(file);
        Progress progress = listener.start("Saving " + file.getFileName(), bytes, "bytes")) {
      GgufWriter.write(draft.path(), metadata, writer.tensors, progress);
      draft.publish();
    }
  }

  private static void checkPlace(Path file, boolean replaces) {
    if (!file.toString().endsWith(".gguf")) {
      throw new IllegalArgumentException(file + " must end in .gguf, as load expects");
    }
    if (!Files.exists(file)) {
      return;
    }
    boolean ours = Files.isRegularFile(file) && GgufFile.open(file).metadata(VERSION).present();
    if (!ours) {
      throw new IllegalArgumentException(
          file + " exists and Kerf did not write it; name another file");
    }
    if (!replaces) {
      throw new IllegalArgumentException(
          file + " is a model that Kerf saved; to replace it ask for overwrite");
    }
  }

  private void check() {
    if (!FAMILIES.contains(config.family())) {
      throw refused(
          config.family().modelType()
              + " is not an architecture that we write; we write "
              + FAMILIES.stream().map(Family::modelType).toList());
    }
    if (config.attention().window().blocks().contains(true)) {
      throw refused("GGUF does not say which layers of it look no further than a window");
    }
    String activation = config.family() == Family.GPT2 ? "gelu_new" : "silu";
    if (!config.activation().equals(activation)) {
      throw refused(
          "llama.cpp computes " + activation + " in it, the model has " + config.activation());
    }
    for (Block block : model.blocks()) {
      double usual = 1 / Math.sqrt(config.attention().headWidth());
      if (config.attention().scale(block.origin()) != usual) {
        throw refused("llama.cpp scales its attention by " + usual + " alone");
      }
    }
  }

  private void block(int block, Map<Role, Parameter> parameters) {
    Map<Role, Parameter> rest = new LinkedHashMap<>(parameters);
    if (config.family() == Family.GPT2) {
      List<Parameter> parts =
          List.of(rest.remove(Role.QUERY), rest.remove(Role.KEY), rest.remove(Role.VALUE));
      String name = GgufNames.fused(block);
      add(name + ".weight", StackedRows.of(parts.stream().map(Parameter::weight).toList()), false);
      add(name + ".bias", StackedRows.of(parts.stream().map(Parameter::bias).toList()), false);
    }
    rest.forEach((role, parameter) -> add(role, block, parameter));
  }

  private void add(Role role, int block, Parameter parameter) {
    String name = GgufNames.layer(role, block);
    boolean head = role == Role.HEAD || role == Role.TOKEN_EMBEDDING && config.head().tied();
    if (role == Role.POSITION_EMBEDDING) {
      tensors.add(new Payload(name + ".weight", Encoding.F32, parameter.weight()));
      return;
    }
    add(name + ".weight", arranged(role, parameter.weight()), head);
    if (parameter.bias() != null) {
      add(name + ".bias", arranged(role, parameter.bias()), head);
    }
  }

  private void add(String name, Tensor tensor, boolean head) {
    Encoding matrix = head ? encoding.head() : encoding.matrices();
    boolean vector = tensor.shape().dimensions() < 2;
    if (!vector && tensor.shape().columns() % matrix.blockElements() != 0) {
      throw refused(
          name
              + " has "
              + tensor.shape().columns()
              + " columns, and "
              + matrix.label()
              + " blocks of "
              + matrix.blockElements()
              + "; write it as F16 or F32");
    }
    tensors.add(new Payload(name, vector ? Encoding.F32 : matrix, tensor));
  }

  /** Rows of a LLaMA's queries and keys, as llama.cpp rotates them: 0, h/2, 1, h/2+1, ... */
  private Tensor arranged(Role role, Tensor tensor) {
    if (config.family() != Family.LLAMA || role != Role.QUERY && role != Role.KEY) {
      return tensor;
    }
    int width = config.attention().headWidth();
    int[] rows = new int[tensor.shape().size(0)];
    for (int row = 0; row < rows.length; row++) {
      int inHead = row % width;
      rows[row] = row - inHead + inHead / 2 + inHead % 2 * (width / 2);
    }
    return SelectedRows.of(tensor, rows);
  }

  private void factors() {
    if (config.rotary() != null && config.rotary().scaling().type().equals("llama3")) {
      float[] factors = GgufRotary.factors(config.rotary());
      tensors.add(
          new Payload(GgufRotary.FACTORS, Encoding.F32, FloatTensor.of(factors, factors.length)));
    }
  }

  private Map<String, Object> metadata() {
    String prefix = config.family().modelType() + ".";
    Config.Attention attention = config.attention();
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("general.architecture", config.family().modelType());
    metadata.put("general.name", model.lineage().name() + ", " + model.label());
    metadata.put("general.file_type", encoding.fileType());
    metadata.put("general.quantization_version", 2);
    metadata.put(prefix + "vocab_size", config.vocabulary());
    metadata.put(prefix + "context_length", config.maxPositions());
    metadata.put(prefix + "embedding_length", config.width());
    metadata.put(prefix + "block_count", model.blocks().size());
    metadata.put(prefix + "feed_forward_length", feedForward());
    metadata.put(prefix + "attention.head_count", attention.heads());
    metadata.put(prefix + "attention.head_count_kv", attention.keyValueHeads());
    metadata.put(prefix + "attention.key_length", attention.headWidth());
    metadata.put(prefix + "attention.value_length", attention.headWidth());
    String norm = config.norms().centred() ? "layer_norm_epsilon" : "layer_norm_rms_epsilon";
    metadata.put(prefix + "attention." + norm, (float) config.normEpsilon());
    if (config.rotary() != null) {
      metadata.put(prefix + "rope.dimension_count", config.rotary().width());
      metadata.put(prefix + "rope.freq_base", (float) config.rotary().base());
      if (config.rotary().scaling().type().equals("linear")) {
        metadata.put(prefix + "rope.scaling.type", "linear");
        metadata.put(prefix + "rope.scaling.factor", (float) config.rotary().scaling().factor());
      }
    }
    return metadata;
  }

  /** As the weights have it, the same in every block. */
  private int feedForward() {
    List<Integer> rows =
        model.blocks().stream()
            .map(block -> block.parameter(Role.UP).weight().shape().rows())
            .distinct()
            .toList();
    if (rows.size() > 1) {
      throw refused("its blocks have feed-forward layers of different widths " + rows);
    }
    return rows.get(0);
  }

  private IllegalArgumentException refused(String why) {
    return new IllegalArgumentException(
        "'" + model.label() + "' of " + model.lineage().name() + " cannot be a GGUF file: " + why);
  }
}
