package io.kerf.engine;

import io.kerf.model.Model;

/** What a page computes between its feed-forward layers. */
final class Activation {
  private Activation() {}

  /**
   * Refuses a model whose configuration names another activation than its page has: it would run,
   * and give wrong values.
   *
   * @param computed Hugging Face's name of the page's own
   */
  static void require(Model model, String computed) {
    String asked = model.config().activation();
    if (!asked.equals(computed)) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + ": hidden_act '"
              + asked
              + "' is not supported for "
              + model.config().family().modelType()
              + ", only '"
              + computed
              + "' is");
    }
  }
}
