package io.kerf.compress;

import java.util.ArrayList;
import java.util.List;

/** Which sizes would have divided a number of columns. */
final class Divisors {
  private Divisors() {}

  /**
   * "try 64 or 128": the powers of two from 2 on that divide the columns, the nearest from below
   * and from above; or the given way out where there is none.
   */
  static String suggest(int columns, int wanted, String otherwise) {
    List<String> near = new ArrayList<>();
    int largest = Integer.lowestOneBit(columns);
    int below = Math.min(largest, Integer.highestOneBit(Math.max(1, wanted)));
    if (below >= 2) {
      near.add(Integer.toString(below));
    }
    int above = Integer.highestOneBit(Math.max(1, wanted)) << 1;
    if (above >= 2 && above <= largest) {
      near.add(Integer.toString(above));
    }
    return "try " + (near.isEmpty() ? otherwise : String.join(" or ", near));
  }
}
