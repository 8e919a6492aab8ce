package io.kerf.eval.rewording;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Typing errors: two letters swapped, one left out, one doubled, or the key beside it hit, one
 * error in a word.
 *
 * <p>Words are runs of at least four letters. Their first letter stays. Labels at the beginning of
 * a line ("Question:", "Answer:") stay, and so do lines that list choices ("A. ...") and words that
 * the rest of the prompts has.
 *
 * @param rate the share of words that get an error, in (0, 1]
 * @param seed of the draws
 */
public record Typos(double rate, long seed) implements Rewording {
  private static final Pattern WORD = Pattern.compile("\\p{L}{4,}");
  private static final Pattern LEFT_ALONE = Pattern.compile("(?m)^\\p{L}+(?=:)|^\\(?[A-J][.)] .*$");

  public Typos {
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException(
          "the rate of typos must be in (0, 1], was " + rate + "; for one word in ten write 0.1");
    }
  }

  @Override
  public String name() {
    return "typos " + percent();
  }

  @Override
  public String described() {
    return percent() + " of words with a typing error, seed " + seed;
  }

  @Override
  public boolean garbles() {
    return true;
  }

  private String percent() {
    double percent = Math.round(rate * 1000) / 10.0;
    return (percent == Math.rint(percent) ? "" + (long) percent : "" + percent) + "%";
  }

  @Override
  public String reworded(String text, String document, Set<String> kept) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + document.hashCode());
    boolean[] fixed = new boolean[text.length()];
    Matcher labels = LEFT_ALONE.matcher(text);
    while (labels.find()) {
      Arrays.fill(fixed, labels.start(), labels.end(), true);
    }
    return WORD.matcher(text)
        .replaceAll(
            word -> {
              boolean hit = random.nextDouble() < rate;
              String letters = word.group();
              boolean stays =
                  !hit || fixed[word.start()] || kept.contains(letters.toLowerCase(Locale.ROOT));
              return Matcher.quoteReplacement(stays ? letters : misspelt(letters, random));
            });
  }

  private static String misspelt(String word, SplittableRandom random) {
    int[] letters = word.codePoints().toArray();
    return switch (random.nextInt(4)) {
      case 0 -> swapped(letters, random);
      case 1 -> without(letters, 1 + random.nextInt(letters.length - 1));
      case 2 -> doubled(letters, 1 + random.nextInt(letters.length - 1));
      default -> besideKey(letters, random);
    };
  }

  /** Two neighbours that differ change places; where all are alike one is doubled. */
  private static String swapped(int[] letters, SplittableRandom random) {
    List<Integer> places = places(letters, i -> i > 1 && letters[i] != letters[i - 1]);
    if (places.isEmpty()) {
      return doubled(letters, letters.length - 1);
    }
    int at = places.get(random.nextInt(places.size()));
    int[] changed = letters.clone();
    changed[at] = letters[at - 1];
    changed[at - 1] = letters[at];
    return text(changed);
  }

  private static String without(int[] letters, int at) {
    return text(IntStream.range(0, letters.length).filter(i -> i != at).map(i -> letters[i]));
  }

  private static String doubled(int[] letters, int at) {
    return text(IntStream.rangeClosed(0, letters.length).map(i -> letters[i > at ? i - 1 : i]));
  }

  /** A letter's neighbour on the keyboard; where no letter is on it one is doubled. */
  private static String besideKey(int[] letters, SplittableRandom random) {
    List<Integer> places = places(letters, i -> i > 0 && !neighbours(letters[i]).isEmpty());
    if (places.isEmpty()) {
      return doubled(letters, letters.length - 1);
    }
    int at = places.get(random.nextInt(places.size()));
    List<Character> keys = neighbours(letters[at]);
    char key = keys.get(random.nextInt(keys.size()));
    int[] changed = letters.clone();
    changed[at] = Character.isUpperCase(letters[at]) ? Character.toUpperCase(key) : key;
    return text(changed);
  }

  private static List<Character> neighbours(int letter) {
    int small = Character.toLowerCase(letter);
    return small < 128 ? Keyboard.neighbours((char) small) : List.of();
  }

  private static List<Integer> places(int[] letters, IntPredicate fit) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < letters.length; i++) {
      if (fit.test(i)) {
        places.add(i);
      }
    }
    return places;
  }

  private static String text(int... letters) {
    return new String(letters, 0, letters.length);
  }

  private static String text(IntStream letters) {
    return text(letters.toArray());
  }
}
