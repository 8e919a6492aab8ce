package io.kerf.template;

import io.kerf.name.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntPredicate;

/** The methods of Python's strings. Places are counted in characters, not in UTF-16 units. */
final class StringMethods {
  private static final TreeMap<String, BiFunction<String, Call, Object>> ALL = new TreeMap<>();

  static {
    ALL.put("capitalize", plain(StringMethods::capitalize));
    ALL.put("casefold", plain(s -> lower(s.toUpperCase(Locale.ROOT))));
    ALL.put("count", (s, c) -> count(s, c.takes("sub").text(0, "sub")));
    ALL.put("endswith", (s, c) -> ends(s, c.takes("suffix").get(0, "suffix"), false));
    ALL.put("find", (s, c) -> place(s, c, false));
    ALL.put("format", (s, c) -> Formatting.braces(s, c.positional(), c.named()));
    ALL.put("index", (s, c) -> required(s, c, place(s, c, false)));
    ALL.put("isalnum", plain(s -> all(s, Character::isLetterOrDigit)));
    ALL.put("isalpha", plain(s -> all(s, Character::isLetter)));
    ALL.put("isdecimal", plain(s -> all(s, Character::isDigit)));
    ALL.put("isdigit", plain(StringMethods::isDigit));
    ALL.put("isnumeric", plain(StringMethods::isDigit));
    ALL.put("islower", plain(s -> !s.equals(upper(s)) && lower(s).equals(s)));
    ALL.put("isupper", plain(s -> !s.equals(lower(s)) && upper(s).equals(s)));
    ALL.put("isspace", plain(s -> all(s, PythonText::isSpace)));
    ALL.put("join", (s, c) -> join(s, c.takes("iterable").get(0, "iterable")));
    ALL.put("lower", plain(StringMethods::lower));
    ALL.put("lstrip", (s, c) -> strip(s, c.takes("chars").textOrNull(0, "chars"), true, false));
    ALL.put("partition", (s, c) -> partition(s, c.takes("sep").text(0, "sep"), false));
    ALL.put("removeprefix", (s, c) -> removePrefix(s, c.takes("prefix").text(0, "prefix")));
    ALL.put("removesuffix", (s, c) -> removeSuffix(s, c.takes("suffix").text(0, "suffix")));
    ALL.put("replace", (s, c) -> replace(s, c.takes("old", "new", "count")));
    ALL.put("rfind", (s, c) -> place(s, c, true));
    ALL.put("rindex", (s, c) -> required(s, c, place(s, c, true)));
    ALL.put("rpartition", (s, c) -> partition(s, c.takes("sep").text(0, "sep"), true));
    ALL.put("rsplit", (s, c) -> split(s, c, true));
    ALL.put("rstrip", (s, c) -> strip(s, c.takes("chars").textOrNull(0, "chars"), false, true));
    ALL.put("split", (s, c) -> split(s, c, false));
    ALL.put("splitlines", plain(StringMethods::lines));
    ALL.put("startswith", (s, c) -> ends(s, c.takes("prefix").get(0, "prefix"), true));
    ALL.put("strip", (s, c) -> strip(s, c.takes("chars").textOrNull(0, "chars"), true, true));
    ALL.put("swapcase", plain(StringMethods::swapCase));
    ALL.put("title", plain(StringMethods::title));
    ALL.put("upper", plain(StringMethods::upper));
    ALL.put("zfill", (s, c) -> zeroFilled(s, c.takes("width").integer(0, "width", 0)));
  }

  private StringMethods() {}

  private static BiFunction<String, Call, Object> plain(Function<String, Object> method) {
    return (text, call) -> {
      call.takes();
      return method.apply(text);
    };
  }

  static Object call(String text, String method, Call call) {
    BiFunction<String, Call, Object> found = ALL.get(method);
    if (found == null) {
      throw Names.unknown("method of a string", method, ALL.keySet());
    }
    return found.apply(text, call);
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  private static List<Object> lines(String text) {
    return text.isEmpty() ? List.of() : new ArrayList<>(text.lines().toList());
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return titleCase(text.substring(0, first)) + lower(text.substring(first));
  }

  private static String titleCase(String character) {
    int title = Character.toTitleCase(character.codePointAt(0));
    return title == character.codePointAt(0)
        ? character.toUpperCase(Locale.ROOT)
        : Character.toString(title);
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean inWord = false;
    for (Object item : Values.items(text)) {
      String c = (String) item;
      out.append(inWord ? lower(c) : titleCase(c));
      inWord = Character.isLetter(c.codePointAt(0));
    }
    return out.toString();
  }

  private static String swapCase(String text) {
    StringBuilder out = new StringBuilder();
    for (Object item : Values.items(text)) {
      String c = (String) item;
      out.append(Character.isUpperCase(c.codePointAt(0)) ? lower(c) : c.toUpperCase(Locale.ROOT));
    }
    return out.toString();
  }

  private static boolean all(String text, IntPredicate holds) {
    return !text.isEmpty() && text.codePoints().allMatch(holds);
  }

  /** Digits of any script, and superscripts. */
  static boolean isDigit(String text) {
    return all(text, c -> Character.isDigit(c) || "²³¹".indexOf(c) >= 0 || superscript(c));
  }

  private static boolean superscript(int c) {
    return c == 0x2070 || (c >= 0x2074 && c <= 0x2079) || (c >= 0x2080 && c <= 0x2089);
  }

  private static long count(String text, String part) {
    if (part.isEmpty()) {
      return Values.length(text) + 1;
    }
    long count = 0;
    for (int i = text.indexOf(part); i >= 0; i = text.indexOf(part, i + part.length())) {
      count++;
    }
    return count;
  }

  private static boolean ends(String text, Object parts, boolean first) {
    if (parts instanceof Tuple tuple) {
      return tuple.stream().anyMatch(part -> ends(text, part, first));
    }
    return first ? text.startsWith(Values.text(parts)) : text.endsWith(Values.text(parts));
  }

  private static long place(String text, Call call, boolean last) {
    String part = call.takes("sub").text(0, "sub");
    int at = last ? text.lastIndexOf(part) : text.indexOf(part);
    return at < 0 ? -1 : text.codePointCount(0, at);
  }

  private static long required(String text, Call call, long place) {
    if (place < 0) {
      throw new TemplateException(
          PythonText.repr(call.get(0, "sub")) + " is not in " + Values.described(text));
    }
    return place;
  }

  private static String join(String separator, Object items) {
    return String.join(separator, Values.items(items).stream().map(Values::text).toList());
  }

  static String strip(String text, String characters, boolean left, boolean right) {
    IntPredicate goes = characters == null ? PythonText::isSpace : c -> characters.indexOf(c) >= 0;
    int from = 0;
    int to = text.length();
    while (left && from < to && goes.test(text.codePointAt(from))) {
      from = text.offsetByCodePoints(from, 1);
    }
    while (right && to > from && goes.test(text.codePointBefore(to))) {
      to = text.offsetByCodePoints(to, -1);
    }
    return text.substring(from, to);
  }

  private static Tuple partition(String text, String separator, boolean last) {
    refuseEmpty(separator);
    int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (at < 0) {
      return last ? Tuple.of("", "", text) : Tuple.of(text, "", "");
    }
    return Tuple.of(text.substring(0, at), separator, text.substring(at + separator.length()));
  }

  private static String removePrefix(String text, String prefix) {
    return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static String removeSuffix(String text, String suffix) {
    return text.endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text;
  }

  private static String replace(String text, Call call) {
    return replace(text, call.text(0, "old"), call.text(1, "new"), call.integer(2, "count", -1));
  }

  static String replace(String text, String old, String replacement, long count) {
    if (count < 0) {
      return text.replace(old, replacement);
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    for (long i = 0; i < count; i++) {
      int found = text.indexOf(old, at);
      if (found < 0) {
        break;
      }
      out.append(text, at, found).append(replacement);
      at = found + old.length();
      if (old.isEmpty() && at < text.length()) {
        int next = text.offsetByCodePoints(at, 1);
        out.append(text, at, next);
        at = next;
      }
    }
    return out.append(text.substring(Math.min(at, text.length()))).toString();
  }

  private static List<Object> split(String text, Call call, boolean fromRight) {
    String separator = call.takes("sep", "maxsplit").textOrNull(0, "sep");
    long most = call.integer(1, "maxsplit", -1);
    List<Object> parts =
        separator == null ? words(text, most, fromRight) : pieces(text, separator, most, fromRight);
    return parts;
  }

  private static void refuseEmpty(String separator) {
    if (separator.isEmpty()) {
      throw new TemplateException("a separator must not be empty");
    }
  }

  private static List<Object> pieces(String text, String separator, long most, boolean fromRight) {
    refuseEmpty(separator);
    List<Object> parts = new ArrayList<>();
    if (fromRight) {
      int end = text.length();
      for (int i = text.lastIndexOf(separator); i >= 0 && most-- != 0; ) {
        parts.add(0, text.substring(i + separator.length(), end));
        end = i;
        i = i - separator.length() < 0 ? -1 : text.lastIndexOf(separator, i - separator.length());
      }
      parts.add(0, text.substring(0, end));
      return parts;
    }
    int from = 0;
    for (int i = text.indexOf(separator);
        i >= 0 && most-- != 0;
        i = text.indexOf(separator, from)) {
      parts.add(text.substring(from, i));
      from = i + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  /** Runs of white space separate; what is left when the cuts are used up keeps its far end. */
  private static List<Object> words(String text, long most, boolean fromRight) {
    List<Object> words = new ArrayList<>();
    String rest = strip(text, null, !fromRight, fromRight);
    for (long cuts = most; !rest.isEmpty(); cuts--) {
      int cut = cuts == 0 ? -1 : space(rest, fromRight);
      int place = fromRight ? 0 : words.size();
      if (cut < 0) {
        words.add(place, rest);
        break;
      }
      words.add(place, fromRight ? rest.substring(cut + 1) : rest.substring(0, cut));
      rest =
          fromRight
              ? strip(rest.substring(0, cut), null, false, true)
              : strip(rest.substring(cut), null, true, false);
    }
    return words;
  }

  private static int space(String text, boolean last) {
    for (int i = last ? text.length() - 1 : 0; i >= 0 && i < text.length(); i += last ? -1 : 1) {
      if (PythonText.isSpace(text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  private static String zeroFilled(String text, long width) {
    boolean signed = text.startsWith("-") || text.startsWith("+");
    int missing = (int) Math.max(0, Math.min(width, 1000) - Values.length(text));
    return signed
        ? text.charAt(0) + "0".repeat(missing) + text.substring(1)
        : "0".repeat(missing) + text;
  }
}
