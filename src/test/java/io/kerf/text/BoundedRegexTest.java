package io.kerf.text;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.format.FormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedRegexTest {
  /** As published models split their texts. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'(?:[sdmt]|ll|ve|re)| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
            + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{M}]+(?i:'s|'t)?"
            + "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
        "\\p{N}{1,3}(?=(?:\\p{N}{3})*(?!\\p{N}))",
        " ?[^(\\s|[.,!?…。，、।۔،])]+",
        "[^\\r\\n]?+\\p{L}+",
        "[0-9][0-9][0-9]|\\x{4e00}|\\u4e00|\\.|\\{",
        "[一-龥\\u3040-\\u309f]+"
      })
  void usualPatternsPass(String pattern) {
    assertDoesNotThrow(() -> BoundedRegex.check("p", pattern));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          (a+)+b             ~ 5: what varies is repeated, from 0
          (a|a)*b            ~ 6: what varies is repeated, from 0
          (a?){30}b          ~ 8: what varies is repeated, from 0
          (?:a{1,9}){9}      ~ 13: what varies is repeated, from 0
          a*a*b              ~ 5: behind two repetitions without bound something may fail, at 4
          (a*a*)b            ~ 7: behind two repetitions without bound something may fail, at 6
          a*(?=a*b)          ~ 9: behind two repetitions without bound something may fail, at 2
          a{0,99}a*b         ~ 10: behind two repetitions without bound something may fail, at 9
          (a)\\1             ~ 5: \\1 is not supported
          (?<n>a)            ~ 1: a group of this kind is not supported
          (?(1)a)            ~ 1: a group of this kind is not supported
          a**                ~ 2: a repetition is repeated
          a{2}+              ~ 4: a repetition is repeated
          *a                 ~ 1: '*' repeats nothing; a literal is \\*
          a{x}               ~ 2: '{' must be followed by how often, up to 999; a literal is \\{
          (a                 ~ 2: a group is not closed
          a)                 ~ 1: ')' closes nothing
          [a                 ~ 2: a class is not closed
          a\\                ~ 2: '\\' stands last
          \\p{L              ~ 4: \\p{ is not closed
          """)
  void whatMayRunWithoutEndIsRefusedByItsPlace(String pattern, String where) {
    String[] parts = where.split(": ", 2);
    assertEquals(
        "p '%s' is not a regular expression that is safe to run: before character %s: %s"
            .formatted(pattern, parts[0], parts[1]),
        assertThrows(FormatException.class, () -> BoundedRegex.check("p", pattern)).getMessage());
  }

  @Test
  void patternsAreShort() {
    String pattern = "a".repeat(5000);
    assertEquals(
        "p has 5000 characters, more than 4096",
        assertThrows(FormatException.class, () -> BoundedRegex.check("p", pattern)).getMessage());
    String nested = "(".repeat(40) + "a" + ")".repeat(40);
    assertThrows(FormatException.class, () -> BoundedRegex.check("p", nested));
  }
}
