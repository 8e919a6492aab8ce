package io.kerf.engine;

import io.kerf.model.Config;
import java.util.List;

/**
 * The cosines and sines by which rotary embedding (arXiv 2104.09864) turns a head at each position,
 * computed in float32 step by step as Hugging Face's transformers does, so that values agree to the
 * last digits.
 *
 * @param cosines (S, R) row-major, second half equal to the first
 * @param sines (S, R), the first half negated: what is turned into it comes with a minus sign
 */
public record Rotation(float[] cosines, float[] sines) {
  /**
   * That of blocks which see all, and that of blocks with a window, where there are such and theirs
   * is another.
   */
  static List<Rotation> of(Config.Rotary rotary, boolean windows, int positions) {
    Rotation all = of(rotary.base(), rotary.scaling(), rotary.width(), positions);
    return windows && rotary.differsByWindow()
        ? List.of(all, of(rotary.windowBase(), rotary.windowScaling(), rotary.width(), positions))
        : List.of(all);
  }

  private static Rotation of(double base, Config.Scaling scaling, int width, int positions) {
    float[] frequencies = frequencies(base, scaling, width);
    float[] cosines = new float[positions * width];
    float[] sines = new float[positions * width];
    for (int p = 0; p < positions; p++) {
      for (int i = 0; i < width; i++) {
        float angle = p * frequencies[i % (width / 2)];
        cosines[p * width + i] = (float) Math.cos(angle);
        float sine = (float) Math.sin(angle);
        sines[p * width + i] = i < width / 2 ? -sine : sine;
      }
    }
    return new Rotation(cosines, sines);
  }

  /** How far each pair of a head turns from one position to the next, in radians: (R / 2). */
  public static float[] frequencies(double base, Config.Scaling scaling, int width) {
    float[] frequencies = new float[width / 2];
    for (int i = 0; i < frequencies.length; i++) {
      float exponent = (2 * i) / (float) width;
      frequencies[i] = 1f / (float) Math.pow((float) base, exponent);
    }
    switch (scaling.type()) {
      case "default" -> {}
      case "linear" -> {
        for (int i = 0; i < frequencies.length; i++) {
          frequencies[i] = frequencies[i] / (float) scaling.factor();
        }
      }
      case "llama3" -> stretchLongWaves(frequencies, scaling);
      default ->
          throw new IllegalArgumentException(
              "rotary scaling '"
                  + scaling.type()
                  + "' is not supported: default, linear, llama3 are");
    }
    return frequencies;
  }

  /** Llama 3.1: long waves are slowed by the factor, short ones kept, those between blended. */
  private static void stretchLongWaves(float[] frequencies, Config.Scaling scaling) {
    double longest = scaling.originalMaxPositions() / scaling.lowFrequencyFactor();
    double shortest = scaling.originalMaxPositions() / scaling.highFrequencyFactor();
    for (int i = 0; i < frequencies.length; i++) {
      float frequency = frequencies[i];
      float wave = (float) (2 * Math.PI) / frequency;
      if (wave > longest) {
        frequencies[i] = frequency / (float) scaling.factor();
      } else if (wave >= shortest) {
        float blend =
            (scaling.originalMaxPositions() / wave - (float) scaling.lowFrequencyFactor())
                / (float) (scaling.highFrequencyFactor() - scaling.lowFrequencyFactor());
        frequencies[i] = (1 - blend) * frequency / (float) scaling.factor() + blend * frequency;
      }
    }
  }
}
