package io.kerf.eval.rewording;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the prompts of one document have in common: all of it where they are the same, else their
 * beginning up to the last white space before they differ.
 *
 * @param wordsAfter the words, in lower case, of what stands after it
 */
record SharedPart(String text, Set<String> wordsAfter) {
  private static final Pattern NO_LETTERS = Pattern.compile("\\P{L}+");

  /** Of at least one prompt. */
  static SharedPart of(List<String> prompts) {
    String first = prompts.get(0);
    int shared = first.length();
    for (String prompt : prompts) {
      int at = 0;
      while (at < Math.min(shared, prompt.length()) && first.charAt(at) == prompt.charAt(at)) {
        at++;
      }
      shared = at;
    }
    boolean same = prompts.stream().allMatch(first::equals);
    while (!same && shared > 0 && !Character.isWhitespace(first.charAt(shared - 1))) {
      shared--; // not within a word
    }
    Set<String> words = new HashSet<>();
    for (String prompt : prompts) {
      for (String word : NO_LETTERS.split(prompt.substring(shared))) {
        words.add(word.toLowerCase(Locale.ROOT));
      }
    }
    return new SharedPart(first.substring(0, shared), words);
  }
}
