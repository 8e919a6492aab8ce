package io.kerf.bench;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.DecoderSession.Target;
import io.kerf.engine.TokenTree;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Model;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a weight format costs before it computes: seconds to open and resident memory, each format
 * open alone.
 */
final class Footprint {
  private static final double MIB = 1 << 20;

  private final List<WeightFormat> accepted = new ArrayList<>();
  private final Table table =
      new Table("Opening a session, one at a time")
          .column("weights")
          .column("open s", "%.2f")
          .column("resident more MiB", "%.0f")
          .column("peak of process MiB", "%.0f");

  /** Opens the model in every format and prefills so many tokens. */
  Footprint(Model model, int tokens) {
    int[] ids = new Random(0).ints(tokens, 0, model.config().vocabulary()).toArray();
    for (WeightFormat format : WeightFormat.values()) {
      double before = Memory.anonymousBytes();
      Memory.forgetPeak();
      long start = System.nanoTime();
      try (DecoderSession session = DecoderSession.open(model, format)) {
        double seconds = (System.nanoTime() - start) * 1e-9;
        double resident = Memory.anonymousBytes() - before;
        session.score(List.of(TokenTree.chain(ids)), List.of(new Target(0, tokens - 1, 0)));
        table.row(format.label(), seconds, resident / MIB, Memory.peakBytes() / MIB);
        accepted.add(format);
      } catch (IllegalArgumentException e) {
        table.note(format.label() + " refuses the model: " + e.getMessage());
      }
    }
  }

  /** The formats that take the model. */
  WeightFormat[] accepted() {
    return accepted.toArray(WeightFormat[]::new);
  }

  Table table() {
    return table;
  }
}
