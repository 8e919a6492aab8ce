package io.kerf;

import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Loads a model by name and by path in a process with an environment of its own. */
final class LoadInProcess {
  private LoadInProcess() {}

  /** What the process printed; it fails unless both are the same model. */
  static String run(Map<String, String> environment, String name, Path path) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LoadInProcess.class.getName(),
                name,
                path.toString())
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(said);
    }
    return said;
  }

  public static void main(String[] arguments) throws IOException {
    Model named = Kerf.load(arguments[0]).model();
    Model there = Kerf.load(Path.of(arguments[1])).model();
    same("configuration", named.config(), there.config());
    same("sha256", named.lineage().sha256(), there.lineage().sha256());
    same("tokenizer", named.tokenizer().sha256(), there.tokenizer().sha256());
    List<Tensor> left = tensors(named);
    List<Tensor> right = tensors(there);
    same("number of tensors", left.size(), right.size());
    for (int i = 0; i < left.size(); i++) {
      if (!Arrays.equals(left.get(i).toFloats(), right.get(i).toFloats())) {
        throw new AssertionError("tensor " + i + " differs");
      }
    }
    System.out.println(named.lineage().name() + " | " + named.lineage().origin());
  }

  private static void same(String what, Object left, Object right) {
    if (!left.equals(right)) {
      throw new AssertionError(what + ": " + left + " is not " + right);
    }
  }

  private static List<Tensor> tensors(Model model) {
    return Stream.concat(
            model.shared().values().stream(),
            model.blocks().stream().flatMap(block -> block.parameters().values().stream()))
        .flatMap((Parameter p) -> Stream.of(p.weight(), p.optionalBias().orElse(null)))
        .filter(Objects::nonNull)
        .toList();
  }
}
