package io.kerf.compress;

import io.kerf.name.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which of n blocks, numbered from 0, go when r of them are removed.
 *
 * <p>{@link #MAX_GAP}, {@link #INPUT}, {@link #MIDDLE} and {@link #BOTH} with {@link #OUTPUT} are
 * the five choices of Just CHOP (arXiv 2305.14864), whose exact indices are only in its pictures:
 * here is how we read them.
 */
public enum LayerStrategy {
  /** The last r go. */
  LAST(false) {
    @Override
    int removed(int i, int layers, int remove) {
      return layers - remove + i;
    }
  },
  /** The first r go. */
  FIRST(false) {
    @Override
    int removed(int i, int layers, int remove) {
      return i;
    }
  },
  /** ceil((n - r) / 2) stay at the bottom, the rest at the top. */
  MIDDLE(false) {
    @Override
    int removed(int i, int layers, int remove) {
      return (layers - remove + 1) / 2 + i;
    }
  },
  /**
   * From the top every other one goes: n-1, n-3, ...; further rounds start again at the highest
   * that remains.
   */
  ALTERNATE(false) {
    @Override
    List<Integer> kept(int layers, int remove) {
      List<Integer> left = new ArrayList<>(IntStream.range(0, layers).boxed().toList());
      for (int gone = 0; gone < remove; ) {
        for (int at = left.size() - 1; at >= 0 && gone < remove; at -= 2, gone++) {
          left.remove(at);
        }
      }
      return left;
    }
  },
  /**
   * The ones that stay are evenly spread from the first to the last: i (n-1) / (n-r-1), rounded
   * half to even. If one stays it is the first.
   */
  UNIFORM(false) {
    @Override
    List<Integer> kept(int layers, int remove) {
      int keep = layers - remove;
      return keep == 1
          ? List.of(0)
          : IntStream.range(0, keep)
              .map(i -> (int) Math.rint((double) ((long) i * (layers - 1)) / (keep - 1)))
              .boxed()
              .toList();
    }
  },
  /**
   * The ones that go are evenly spread over the n-2 between the first and the last: the middle of
   * each of r equal slices, 1 + floor((2i + 1)(n - 2) / 2r).
   */
  MAX_GAP(true) {
    @Override
    int removed(int i, int layers, int remove) {
      return 1 + (int) ((2L * i + 1) * (layers - 2) / (2L * remove));
    }
  },
  /** The r after the first go. */
  INPUT(true) {
    @Override
    int removed(int i, int layers, int remove) {
      return 1 + i;
    }
  },
  /** The r before the last go. */
  OUTPUT(true) {
    @Override
    int removed(int i, int layers, int remove) {
      return layers - 1 - remove + i;
    }
  },
  /** ceil(r / 2) after the first go, and the rest before the last. */
  BOTH(true) {
    @Override
    int removed(int i, int layers, int remove) {
      int input = (remove + 1) / 2;
      return i < input ? 1 + i : layers - 1 - remove + i;
    }
  };

  private final boolean keepsEnds;

  LayerStrategy(boolean keepsEnds) {
    this.keepsEnds = keepsEnds;
  }

  /** The i-th that goes. */
  int removed(int i, int layers, int remove) {
    throw new AssertionError(this + " says what is kept instead");
  }

  /** What stays when the arguments were checked. */
  List<Integer> kept(int layers, int remove) {
    TreeSet<Integer> left = new TreeSet<>(IntStream.range(0, layers).boxed().toList());
    IntStream.range(0, remove).forEach(i -> left.remove(removed(i, layers, remove)));
    return List.copyOf(left);
  }

  /**
   * The blocks that stay, in order.
   *
   * @param layers n, how many there are
   * @param remove r, at least 1 and less than n; at most n-2 where the first and the last always
   *     stay
   */
  public List<Integer> layersKept(int layers, int remove) {
    if (remove >= layers) {
      throw new IllegalArgumentException(
          "cannot remove "
              + remove
              + " of "
              + layers
              + " layers: at least 1 must stay; remove at most "
              + (layers - (keepsEnds ? 2 : 1)));
    }
    if (remove < 1) {
      throw new IllegalArgumentException("layers to remove must be at least 1, was " + remove);
    }
    if (keepsEnds && remove > layers - 2) {
      throw new IllegalArgumentException(
          label()
              + " keeps the first and the last of "
              + layers
              + " layers: it can remove at most "
              + Math.max(0, layers - 2)
              + ", was "
              + remove);
    }
    return kept(layers, remove);
  }

  /**
   * The strategy of that label, in whatever case.
   *
   * @throws io.kerf.name.UnknownNameException if there is none, with what may have been meant
   */
  public static LayerStrategy named(String label) {
    for (LayerStrategy strategy : values()) {
      if (strategy.label().equals(label.toLowerCase(Locale.ROOT))) {
        return strategy;
      }
    }
    throw Names.unknown(
        "layer strategy", label, Arrays.stream(values()).map(LayerStrategy::label).toList());
  }

  /** "max-gap". */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
