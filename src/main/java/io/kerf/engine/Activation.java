package io.kerf.engine;

import io.kerf.model.Model;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a page computes between its feed-forward layers; the page knows them by their order. */
public enum Activation {
  /** x times the normal distribution's share below x (arXiv 1606.08415). */
  GELU("gelu", "gelu_python"),
  /** The same, approximated by tanh. */
  GELU_TANH("gelu_new", "gelu_pytorch_tanh", "gelu_fast"),
  RELU("relu"),
  SILU("silu", "swish"),
  /** x sigmoid(1.702 x). */
  QUICK_GELU("quick_gelu");

  private final List<String> names; // Hugging Face's

  Activation(String... names) {
    this.names = List.of(names);
  }

  /**
   * The one that a model's configuration names.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static Activation of(Model model) {
    String asked = model.config().activation();
    return Arrays.stream(values())
        .filter(each -> each.names.contains(asked))
        .findFirst()
        .orElseThrow(() -> refusal(model, "only '" + all() + "' are"));
  }

  /**
   * Refuses a model whose configuration names another activation than its page has: it would run,
   * and give wrong values.
   *
   * @param computed Hugging Face's name of the page's own
   */
  static void require(Model model, String computed) {
    if (!model.config().activation().equals(computed)) {
      throw refusal(model, "only '" + computed + "' is");
    }
  }

  /**
   * The same of a T5, whose configuration says in one word whether its layers are gated too; in
   * gated ones "gelu" is the approximated one.
   */
  public static Activation ofGatedOrNot(Model model) {
    String asked = model.config().activation();
    String function = asked.equals("gated-gelu") ? "gelu_new" : asked.replaceFirst("^gated-", "");
    return Arrays.stream(values())
        .filter(each -> each.names.contains(function))
        .findFirst()
        .orElseThrow(() -> refusal(model, "only '" + all() + "' are, gated or not"));
  }

  private static String all() {
    return Arrays.stream(values())
        .flatMap(each -> each.names.stream())
        .collect(Collectors.joining("', '"));
  }

  private static IllegalArgumentException refusal(Model model, String supported) {
    return new IllegalArgumentException(
        model.lineage().name()
            + ": hidden_act '"
            + model.config().activation()
            + "' is not supported for "
            + model.config().family().modelType()
            + ", "
            + supported);
  }
}
