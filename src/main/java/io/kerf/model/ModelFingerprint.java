package io.kerf.model;

import io.kerf.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Everything that a model computes with as one SHA-256: the values of its weights, where they are,
 * its configuration. Models that are equal have equal ones, whatever they are called and however
 * they were made and held.
 */
public final class ModelFingerprint {
  private ModelFingerprint() {}

  /** Hexadecimal. Reads all weights once; those that it has seen in another model it remembers. */
  public static String of(Model model) {
    List<Parameter> parameters =
        Stream.concat(
                model.shared().values().stream(),
                model.blocks().stream().flatMap(block -> block.parameters().values().stream()))
            .toList();
    Map<Tensor, String> hashes =
        TensorHashes.of(
            parameters.stream()
                .flatMap(p -> Stream.of(p.weight(), p.bias()))
                .filter(Objects::nonNull)
                .toList());
    StringBuilder text = new StringBuilder(model.config() + "\n");
    describe(text, model.shared(), hashes);
    for (Block block : model.blocks()) {
      text.append(block.stack()).append(' ').append(block.origin()).append('\n');
      describe(text, block.parameters(), hashes);
    }
    return WeightsChecksum.hex(
        WeightsChecksum.sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8)));
  }

  private static void describe(
      StringBuilder text, Map<Role, Parameter> parameters, Map<Tensor, String> hashes) {
    parameters.forEach(
        (role, parameter) ->
            text.append(role)
                .append(' ')
                .append(hashes.get(parameter.weight()))
                .append(' ')
                .append(hashes.get(parameter.bias()))
                .append('\n'));
  }
}
