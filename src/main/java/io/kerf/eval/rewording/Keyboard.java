package io.kerf.eval.rewording;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which keys of a QWERTY keyboard lie side by side. */
final class Keyboard {
  private static final String[] ROWS = {"qwertyuiop", "asdfghjkl", "zxcvbnm"};

  /** How far a row stands to the right of the first, in keys. */
  private static final double[] OFFSETS = {0, 0.25, 0.75};

  private static final Map<Character, List<Character>> NEIGHBOURS = new HashMap<>();

  static {
    for (int row = 0; row < ROWS.length; row++) {
      for (int column = 0; column < ROWS[row].length(); column++) {
        NEIGHBOURS.put(ROWS[row].charAt(column), beside(row, column));
      }
    }
  }

  private Keyboard() {}

  private static List<Character> beside(int row, int column) {
    List<Character> found = new ArrayList<>();
    for (int other = Math.max(0, row - 1); other < Math.min(ROWS.length, row + 2); other++) {
      for (int c = 0; c < ROWS[other].length(); c++) {
        double apart = Math.abs(c + OFFSETS[other] - column - OFFSETS[row]);
        if (other == row ? apart == 1 : apart < 1) {
          found.add(ROWS[other].charAt(c));
        }
      }
    }
    return List.copyOf(found);
  }

  /** The letters beside a small letter; none for what is no letter of that keyboard. */
  static List<Character> neighbours(char letter) {
    return NEIGHBOURS.getOrDefault(letter, List.of());
  }
}
