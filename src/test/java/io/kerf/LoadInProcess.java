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
public final class LoadInProcess {
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
    assertSame(Kerf.load(Path.of(arguments[1])).model(), named);
    System.out.println(named.lineage().name() + " | " + named.lineage().origin());
  }

  /** Fails unless both are the same model, whatever they are called. */
  public static void assertSame(Model expected, Model model) {
    same("configuration", model.config(), expected.config());
    same("sha256", model.lineage().sha256(), expected.lineage().sha256());
    same("tokenizer", model.tokenizer().sha256(), expected.tokenizer().sha256());
    List<Tensor> left = tensors(model);
    List<Tensor> right = tensors(expected);
    same("number of tensors", left.size(), right.size());
    for (int i = 0; i < left.size(); i++) {
      if (!Arrays.equals(left.get(i).toFloats(), right.get(i).toFloats())) {
        throw new AssertionError("tensor " + i + " differs");
      }
    }
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
