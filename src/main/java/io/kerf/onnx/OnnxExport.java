package io.kerf.onnx;

import io.kerf.json.Json;
import io.kerf.model.Block;
import io.kerf.model.Family;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.progress.ProgressListener;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes a model as an ONNX file whose logits are its own: to 1e-4 those of Kerf's float32 session.
 *
 * <p>The graph takes {@code input_ids} and {@code attention_mask} (and {@code token_type_ids} where
 * the model has segments), int64 (batch, sequence) with padding on either side, and gives {@code
 * logits} (batch, sequence, vocabulary). It has standard operators of opset 21 alone.
 */
public final class OnnxExport {
  /** A Protocol Buffers message ends at 2 GiB, and many readers copy it: half is plenty. */
  private static final long MOST_INLINE_BYTES = 1L << 30;

  private OnnxExport() {}

  /**
   * Writes a model.
   *
   * @param file whose folder exists; weights of more than 1 GiB go beside it, into FILE.data
   * @param version of Kerf, for the file's metadata
   * @throws IllegalArgumentException if the model or its codes cannot be written so, saying why
   */
  public static void write(
      Model model, Path file, OnnxOptions options, String version, ProgressListener listener) {
    write(model, file, options, version, listener, MOST_INLINE_BYTES);
  }

  static void write(
      Model model,
      Path file,
      OnnxOptions options,
      String version,
      ProgressListener listener,
      long mostInlineBytes) {
    requireBits(model, options.weights());
    if (options.cached() && model.config().family().kind() != Family.Kind.CAUSAL) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + " is a "
              + model.config().family().modelType()
              + ": withCache() is for decoders without an encoder");
    }
    Graph graph = graph(model, options).build();
    new OnnxFile(graph, metadata(model, version), version, mostInlineBytes)
        .write(file, options.replace(), listener);
  }

  /** Whether any of a model's weights is held as codes that a file can keep. */
  public static boolean hasCodes(Model model) {
    return Stream.concat(
            model.shared().values().stream(),
            model.blocks().stream().flatMap(block -> block.parameters().values().stream()))
        .anyMatch(parameter -> Codes.of(parameter.weight()).isPresent());
  }

  private static ModelGraph graph(Model model, OnnxOptions options) {
    return switch (model.config().family()) {
      case BERT, ROBERTA, DISTILBERT, ALBERT -> new EncoderGraph(model, options);
      case T5 -> new EncoderDecoderGraph(model, options);
      case LLAMA, GPT2, OPT, GPT_NEOX, MISTRAL, QWEN2, QWEN3, GEMMA2, GEMMA3, PHI ->
          new DecoderGraph(model, options);
    };
  }

  /** Refuses codes of other bits than were asked for: they would have to be rounded again. */
  private static void requireBits(Model model, OnnxOptions.Weights asked) {
    int bits =
        switch (asked) {
          case AS_HELD, FLOAT32 -> 0;
          case INT8 -> 8;
          case INT4 -> 4;
        };
    if (bits == 0) {
      return;
    }
    model
        .shared()
        .forEach(
            (role, parameter) -> requireBits(model, role, ModelGraph.OUTSIDE, parameter, bits));
    for (int index = 0; index < model.blocks().size(); index++) {
      Block block = model.blocks().get(index);
      for (var entry : block.parameters().entrySet()) {
        requireBits(model, entry.getKey(), index, entry.getValue(), bits);
      }
    }
  }

  private static void requireBits(
      Model model, Role role, int block, Parameter parameter, int bits) {
    Codes.of(parameter.weight())
        .filter(codes -> codes.tensor().format().bits() != bits)
        .ifPresent(
            codes -> {
              throw new IllegalArgumentException(
                  model.layerName(role, block)
                      + " is "
                      + codes.tensor().encoding()
                      + " and is not rounded a second time to "
                      + bits
                      + " bits; write this variant as it is held with onnx(), or quantize the dense"
                      + " one");
            });
  }

  private static Map<String, String> metadata(Model model, String version) {
    Lineage lineage = model.lineage();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("kerf.version", version);
    metadata.put("kerf.model", lineage.name());
    metadata.put("kerf.origin", lineage.origin());
    metadata.put("kerf.sha256", lineage.sha256());
    metadata.put("kerf.variant", lineage.label());
    metadata.put("kerf.steps", Json.write(lineage.steps().stream().map(OnnxExport::step).toList()));
    return metadata;
  }

  private static Map<String, Object> step(Lineage.Step step) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("label", step.label());
    fields.put("settings", step.settings());
    return fields;
  }
}
