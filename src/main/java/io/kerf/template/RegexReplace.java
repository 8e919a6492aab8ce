package io.kerf.template;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Python's {@code re.sub}, with a bound on the work that a pattern may cause. */
final class RegexReplace {
  private static final int STEPS_PER_CHARACTER = 2000;
  private static final Pattern GROUP =
      Pattern.compile("\\\\(\\d{1,2}|g<(\\w+)>|.)", Pattern.DOTALL);

  private RegexReplace() {}

  static String of(String text, Call call) {
    String pattern = call.text(0, "pattern");
    String replacement = call.text(1, "repl");
    long count = call.integer(2, "count", 0);
    try {
      Matcher found =
          Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS)
              .matcher(
                  new Watched(
                      text, new long[] {1_000_000L + (long) STEPS_PER_CHARACTER * text.length()}));
      StringBuilder out = new StringBuilder();
      int at = 0;
      for (long i = 0; (count == 0 || i < count) && found.find(); i++) {
        out.append(text, at, found.start()).append(filled(replacement, found));
        at = found.end();
      }
      return out.append(text.substring(at)).toString();
    } catch (PatternSyntaxException e) {
      throw new TemplateException("'" + pattern + "' is no pattern: " + e.getDescription());
    } catch (StackOverflowError e) {
      throw new TemplateException("the pattern '" + pattern + "' is nested too deeply");
    }
  }

  private static String filled(String replacement, Matcher found) {
    return GROUP
        .matcher(replacement)
        .replaceAll(
            part -> {
              String name = part.group(2) == null ? part.group(1) : part.group(2);
              if (!Character.isDigit(name.charAt(0)) && part.group(2) == null) {
                return Matcher.quoteReplacement(PythonLiteral.unescape(part.group()));
              }
              try {
                String group =
                    Character.isDigit(name.charAt(0))
                        ? found.group(Integer.parseInt(name))
                        : found.group(name);
                return Matcher.quoteReplacement(group == null ? "" : group);
              } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
                throw new TemplateException("'" + replacement + "' names no group " + name);
              }
            });
  }

  /** A text that counts how often it is looked at: some patterns never end. */
  private record Watched(String text, long[] left) implements CharSequence {
    @Override
    public char charAt(int index) {
      if (--left[0] < 0) {
        throw new TemplateException("a pattern takes too long on " + Values.described(text));
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
