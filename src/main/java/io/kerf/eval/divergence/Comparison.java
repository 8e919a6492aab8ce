package io.kerf.eval.divergence;

import io.kerf.engine.Readout;
import io.kerf.engine.Session;
import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Compares the predictions of variants with a dense model's: passage by passage, the dense model's
 * once for all of them, logits a few positions at a time.
 */
public final class Comparison {
  /** How many partings are kept. */
  public static final int FARTHEST = 10;

  private static final int AT_ONCE = 64; // positions whose logits stand in memory
  private static final Comparator<Parting> NEAREST_FIRST =
      Comparator.comparingDouble(Parting::divergence)
          .thenComparing(Comparator.comparingInt(Parting::passage).reversed())
          .thenComparing(Comparator.comparingInt(Parting::position).reversed());

  private final Session dense;
  private final List<Session> variants;

  private Comparison(Session dense, List<Session> variants) {
    this.dense = dense;
    this.variants = List.copyOf(variants);
  }

  /** Of these variants with that model; the sessions stay the caller's. */
  public static Comparison of(Session dense, List<Session> variants) {
    int vocabulary = dense.model().config().vocabulary();
    for (Session variant : variants) {
      int other = variant.model().config().vocabulary();
      if (other != vocabulary) {
        throw new IllegalArgumentException(
            "'"
                + variant.model().label()
                + "' predicts one of "
                + other
                + " tokens, the dense model one of "
                + vocabulary
                + ": only variants of one model can be compared");
      }
    }
    return new Comparison(dense, variants);
  }

  /**
   * What each variant comes to. An interrupt ends it, and leaves the passages that were done by
   * then.
   */
  public List<Divergence> on(List<? extends Passage> passages, ProgressListener listener) {
    List<List<Divergence.Sums>> sums = new ArrayList<>();
    List<PriorityQueue<Parting>> farthest = new ArrayList<>();
    for (int v = 0; v < variants.size(); v++) {
      sums.add(new ArrayList<>());
      farthest.add(new PriorityQueue<>(NEAREST_FIRST));
    }
    long all = passages.stream().mapToLong(Passage::positions).sum() * variants.size();
    try (Progress progress = listener.start("divergence", all, "positions")) {
      for (int p = 0; p < passages.size(); p++) {
        List<Tally> tallies = compare(p, passages.get(p), progress);
        for (int v = 0; v < variants.size(); v++) {
          sums.get(v).add(tallies.get(v).sums());
          tallies.get(v).partings.forEach(farthest.get(v)::add);
          while (farthest.get(v).size() > FARTHEST) {
            farthest.get(v).poll();
          }
        }
      }
    } catch (Interrupted e) {
      return results(sums, farthest); // of fewer passages than were given
    }
    return results(sums, farthest);
  }

  private static List<Divergence> results(
      List<List<Divergence.Sums>> sums, List<PriorityQueue<Parting>> farthest) {
    List<Divergence> results = new ArrayList<>();
    for (int v = 0; v < sums.size(); v++) {
      results.add(
          new Divergence(
              sums.get(v), farthest.get(v).stream().sorted(NEAREST_FIRST.reversed()).toList()));
    }
    return results;
  }

  private List<Tally> compare(int index, Passage passage, Progress progress) {
    List<Tally> tallies = variants.stream().map(v -> new Tally(index)).toList();
    List<Readout> open = new ArrayList<>();
    try {
      open.add(passage.read(dense));
      for (Session variant : variants) {
        Interrupted.check("a comparison");
        open.add(passage.read(variant));
      }
      for (int from = 0; from < passage.positions(); from += AT_ONCE) {
        int count = Math.min(AT_ONCE, passage.positions() - from);
        compare(open, from, count, tallies, progress);
      }
    } finally {
      open.forEach(Readout::close);
    }
    return tallies;
  }

  private void compare(
      List<Readout> open, int from, int count, List<Tally> tallies, Progress progress) {
    float[][] denseRows = open.get(0).logits(from, count);
    List<float[][]> rows = new ArrayList<>();
    for (Readout variant : open.subList(1, open.size())) {
      Interrupted.check("a comparison");
      rows.add(variant.logits(from, count));
    }
    for (int r = 0; r < count; r++) {
      Distribution reference = Distribution.of(denseRows[r]);
      double[] probabilities = reference.probabilities();
      double entropy = reference.entropy(probabilities);
      for (int v = 0; v < rows.size(); v++) {
        Distribution other = Distribution.of(rows.get(v)[r]);
        tallies.get(v).add(from + r, reference, probabilities, entropy, other);
      }
    }
    progress.advance((long) count * rows.size());
  }

  /** What one variant has come to in a passage. */
  private static final class Tally {
    private final int passage;
    private final List<Parting> partings = new ArrayList<>();
    private double divergence;
    private double denseEntropy;
    private double variantEntropy;
    private int sameTop;

    Tally(int passage) {
      this.passage = passage;
    }

    void add(
        int position,
        Distribution reference,
        double[] probabilities,
        double entropy,
        Distribution other) {
      double parted = reference.divergenceTo(other, probabilities);
      divergence += parted;
      denseEntropy += entropy;
      variantEntropy += other.entropy(other.probabilities());
      sameTop += reference.likeliest() == other.likeliest() ? 1 : 0;
      partings.add(
          new Parting(passage, position, parted, reference.likeliest(), other.likeliest()));
    }

    Divergence.Sums sums() {
      return new Divergence.Sums(
          partings.size(), divergence, denseEntropy, variantEntropy, sameTop);
    }
  }
}
