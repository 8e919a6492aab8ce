package io.kerf.eval;

import io.kerf.engine.WeightFormat;
import io.kerf.model.Model;
import io.kerf.model.ModelFingerprint;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** What a model's answers depend on beside the question, as one SHA-256. */
final class ModelKey {
  /** Goes up when the engine's numbers change by more than rounding: old answers are not found. */
  private static final String VERSION = "kerf answers 1";

  private ModelKey() {}

  /** Hexadecimal. */
  static String of(Model model, WeightFormat format) {
    MessageDigest digest = AnswerKey.sha256();
    String text = VERSION + "\n" + format + "\n" + ModelFingerprint.of(model);
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    return AnswerKey.of(digest).toString();
  }
}
