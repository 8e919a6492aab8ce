package io.kerf.model;

import io.kerf.format.FormatException;
import io.kerf.format.GgufFile;
import io.kerf.format.GgufValue;

/** The rotary embedding of a model in a GGUF file. */
final class GgufRotary {
  /** LLaMA 3.1 and later: by how much each frequency is divided, (head width / 2). */
  static final String FACTORS = "rope_freqs.weight";

  // What LLaMA 3.1 to 3.3 were made with; GGUF keeps the resulting factors alone.
  private static final double LOW_FREQUENCY_FACTOR = 1;
  private static final double HIGH_FREQUENCY_FACTOR = 4;
  private static final int ORIGINAL_MAX_POSITIONS = 8192;
  private static final double TOLERANCE = 1e-4; // relative, of float32 factors

  private GgufRotary() {}

  static Config.Rotary read(GgufMetadata metadata, int headWidth) {
    GgufFile file = metadata.file();
    double base = metadata.number("rope.freq_base", 10_000);
    Config.Scaling scaling = scaling(metadata);
    if (!file.has(FACTORS)) {
      return new Config.Rotary(base, scaling, headWidth);
    }
    if (scaling != Config.Scaling.NONE) {
      throw new FormatException(
          file.name()
              + " has both "
              + FACTORS
              + " and "
              + metadata.architecture()
              + ".rope.scaling: one of them is wrong");
    }
    return new Config.Rotary(base, scaling(file, base, headWidth), headWidth);
  }

  private static Config.Scaling scaling(GgufMetadata metadata) {
    GgufValue type = metadata.at("rope.scaling.type");
    String name = type.optional().map(GgufValue::text).orElse("none");
    return switch (name) {
      case "none" -> Config.Scaling.NONE;
      case "linear" ->
          new Config.Scaling("linear", metadata.number("rope.scaling.factor"), 1, 1, 1);
      default ->
          throw new FormatException(
              type.where() + " '" + name + "' is not supported; supported: none, linear");
    };
  }

  /** LLaMA 3's scaling, from the factors that it gives. */
  private static Config.Scaling scaling(GgufFile file, double base, int headWidth) {
    float[] factors = file.tensor(FACTORS).toFloats();
    if (factors.length != headWidth / 2) {
      throw new FormatException(
          file.name()
              + ": "
              + FACTORS
              + " must have one factor for each of the "
              + headWidth / 2
              + " frequencies, has "
              + factors.length);
    }
    double factor = GgufMetadata.shortest(factors[factors.length - 1]);
    for (int i = 0; i < factors.length; i++) {
      double expected = llama3(Math.pow(base, -2.0 * i / headWidth), factor);
      if (!(Math.abs(factors[i] - expected) <= TOLERANCE * expected)) {
        throw new FormatException(
            file.name()
                + ": "
                + FACTORS
                + "["
                + i
                + "] must be "
                + expected
                + " as LLaMA 3 scales its frequencies, the only way supported; was "
                + factors[i]);
      }
    }
    return new Config.Scaling(
        "llama3", factor, LOW_FREQUENCY_FACTOR, HIGH_FREQUENCY_FACTOR, ORIGINAL_MAX_POSITIONS);
  }

  /** By how much LLaMA 3 divides a frequency: slow ones by the factor, fast ones not at all. */
  private static double llama3(double frequency, double factor) {
    double turns = ORIGINAL_MAX_POSITIONS * frequency / (2 * Math.PI); // over the original context
    if (turns > HIGH_FREQUENCY_FACTOR) {
      return 1;
    }
    if (turns < LOW_FREQUENCY_FACTOR) {
      return factor;
    }
    double smooth = (turns - LOW_FREQUENCY_FACTOR) / (HIGH_FREQUENCY_FACTOR - LOW_FREQUENCY_FACTOR);
    return 1 / ((1 - smooth) / factor + smooth);
  }

  /** By how much each frequency of such a scaling is divided, (rotated width / 2). */
  static float[] factors(Config.Rotary rotary) {
    Config.Scaling scaling = rotary.scaling();
    float[] factors = new float[rotary.width() / 2];
    for (int i = 0; i < factors.length; i++) {
      double frequency = Math.pow(rotary.base(), -2.0 * i / rotary.width());
      double turns = scaling.originalMaxPositions() * frequency / (2 * Math.PI);
      double low = scaling.lowFrequencyFactor();
      double high = scaling.highFrequencyFactor();
      double smooth = Math.min(1, Math.max(0, (turns - low) / (high - low)));
      factors[i] = (float) (1 / ((1 - smooth) / scaling.factor() + smooth));
    }
    return factors;
  }
}
