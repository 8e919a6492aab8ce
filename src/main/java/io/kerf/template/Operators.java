package io.kerf.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What Python's operators give. */
final class Operators {
  private static final int MAX_LENGTH = 1 << 22; // of a repeated text or list

  private Operators() {}

  static Object apply(String operator, Object a, Object b) {
    refuseUndefined(a);
    refuseUndefined(b);
    try {
      return switch (operator) {
        case "+" -> plus(a, b);
        case "-" -> bothWhole(a, b) ? minus(a, b) : (Object) (number(a, b, "-") - Values.number(b));
        case "*" -> times(a, b);
        case "/" -> number(a, b, "/") / nonZero(Values.number(b));
        case "//" ->
            bothWhole(a, b)
                ? (Object) Math.floorDiv(Values.integer(a), nonZero(Values.integer(b)))
                : (Object) Math.floor(number(a, b, "//") / nonZero(Values.number(b)));
        case "%" -> remainder(a, b);
        case "**" -> power(a, b);
        case "~" -> PythonText.str(a) + PythonText.str(b);
        case "==" -> Values.equal(a, b);
        case "!=" -> !Values.equal(a, b);
        case "<" -> Values.compare(a, b) < 0;
        case "<=" -> Values.compare(a, b) <= 0;
        case ">" -> Values.compare(a, b) > 0;
        case ">=" -> Values.compare(a, b) >= 0;
        case "in" -> contains(b, a);
        case "not in" -> !contains(b, a);
        default -> throw new IllegalStateException(operator);
      };
    } catch (ArithmeticException e) {
      throw new TemplateException(
          Values.described(a) + " " + operator + " " + Values.described(b) + ": " + e.getMessage());
    }
  }

  private static void refuseUndefined(Object value) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
  }

  private static boolean bothWhole(Object a, Object b) {
    return Values.isInteger(a) && Values.isInteger(b);
  }

  private static Object minus(Object a, Object b) {
    return Math.subtractExact(Values.integer(a), Values.integer(b));
  }

  private static Object plus(Object a, Object b) {
    if (a instanceof String x && b instanceof String y) {
      return x + y;
    } else if (a instanceof List<?> x
        && b instanceof List<?> y
        && x instanceof Tuple == y instanceof Tuple) {
      List<Object> both = new ArrayList<>(x);
      both.addAll(y);
      return x instanceof Tuple ? new Tuple(both) : both;
    }
    return bothWhole(a, b)
        ? (Object) Math.addExact(Values.integer(a), Values.integer(b))
        : (Object) (number(a, b, "+") + Values.number(b));
  }

  private static Object times(Object a, Object b) {
    if (a instanceof String || a instanceof List) {
      return repeated(a, b);
    } else if (b instanceof String || b instanceof List) {
      return repeated(b, a);
    }
    return bothWhole(a, b)
        ? (Object) Math.multiplyExact(Values.integer(a), Values.integer(b))
        : (Object) (number(a, b, "*") * Values.number(b));
  }

  private static Object repeated(Object what, Object times) {
    int count = Math.max(0, Values.index(times));
    if (Values.length(what) * count > MAX_LENGTH) {
      throw new TemplateException(
          "a text or list of more than " + MAX_LENGTH + " items is refused");
    }
    if (what instanceof String text) {
      return text.repeat(count);
    }
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.addAll((List<?>) what);
    }
    return what instanceof Tuple ? new Tuple(items) : items;
  }

  private static Object remainder(Object a, Object b) {
    if (a instanceof String format) {
      return Formatting.percent(format, b instanceof Tuple values ? values : List.of(b));
    } else if (bothWhole(a, b)) {
      return Math.floorMod(Values.integer(a), nonZero(Values.integer(b)));
    }
    double y = nonZero(Values.number(b));
    return number(a, b, "%") - y * Math.floor(Values.number(a) / y);
  }

  private static Object power(Object a, Object b) {
    if (!bothWhole(a, b) || Values.integer(b) < 0) {
      return Math.pow(number(a, b, "**"), Values.number(b));
    }
    long result = 1;
    for (long i = 0; i < Values.integer(b); i++) { // ends early: beyond 1, it soon overflows
      result = Math.multiplyExact(result, Values.integer(a));
      if (result == 0 || result == 1 && Values.integer(a) == 1) {
        break;
      } else if (i > 64) {
        return Values.integer(b) % 2 == 0 ? 1L : -1L;
      }
    }
    return result;
  }

  private static double number(Object a, Object b, String operator) {
    if (!Values.isNumber(a) || !Values.isNumber(b)) {
      throw new TemplateException(
          "'" + operator + "' is not for " + Values.type(a) + " and " + Values.type(b));
    }
    return Values.number(a);
  }

  private static long nonZero(long divisor) {
    if (divisor == 0) {
      throw new ArithmeticException("division by zero");
    }
    return divisor;
  }

  private static double nonZero(double divisor) {
    if (divisor == 0) {
      throw new ArithmeticException("division by zero");
    }
    return divisor;
  }

  private static boolean contains(Object whole, Object part) {
    if (whole instanceof String text) {
      return text.contains(Values.text(part));
    } else if (whole instanceof Map<?, ?> map) {
      return map.containsKey(part);
    }
    return Values.items(whole).stream().anyMatch(item -> Values.equal(item, part));
  }

  static Object negative(Object value) {
    refuseUndefined(value);
    return Values.isInteger(value)
        ? (Object) Math.negateExact(Values.integer(value))
        : (Object) (-Values.number(value));
  }

  /** {@code base[key]}, or what is undefined. */
  static Object item(Object base, Object key) {
    refuseUndefined(base);
    refuseUndefined(key);
    if (base instanceof Map<?, ?> map) {
      Object found = map.get(key);
      return found != null ? found : missing(base, key);
    } else if ((base instanceof List || base instanceof String) && Values.isInteger(key)) {
      long length = Values.length(base);
      long index = Values.integer(key) < 0 ? Values.integer(key) + length : Values.integer(key);
      if (index < 0 || index >= length) {
        return missing(base, key);
      }
      return base instanceof List<?> list
          ? list.get((int) index)
          : Values.items(base).get((int) index);
    }
    return missing(base, key);
  }

  static Undefined missing(Object base, Object key) {
    String there =
        base instanceof Map<?, ?> map
            ? "it has " + Values.shortened(PythonText.repr(new ArrayList<>(map.keySet())))
            : base instanceof List<?> list ? "it has " + list.size() + " items" : "it has none";
    return new Undefined(
        PythonText.repr(key) + " is undefined in a " + Values.type(base) + ": " + there);
  }

  /** {@code base[from:to:step]}; null where nothing stands. */
  static Object slice(Object base, Object from, Object to, Object step) {
    refuseUndefined(base);
    if (!(base instanceof String || base instanceof List)) {
      throw new TemplateException("no part can be taken of " + Values.described(base));
    }
    List<Object> items = Values.items(base);
    int stride = bound(step, 1);
    if (stride == 0) {
      throw new TemplateException("the step of a slice must not be 0");
    }
    int size = items.size();
    int low = stride > 0 ? 0 : -1;
    int high = stride > 0 ? size : size - 1;
    long i = clipped(from, stride > 0 ? low : high, low, high, size);
    long end = clipped(to, stride > 0 ? high : low, low, high, size);
    List<Object> taken = new ArrayList<>();
    for (; stride > 0 ? i < end : i > end; i += stride) {
      taken.add(items.get((int) i));
    }
    if (base instanceof String) {
      return String.join("", taken.stream().map(String.class::cast).toList());
    }
    return base instanceof Tuple ? new Tuple(taken) : taken;
  }

  private static int bound(Object value, int otherwise) {
    return value == null || value == None.NONE ? otherwise : Values.index(value);
  }

  private static long clipped(Object value, int otherwise, int low, int high, int size) {
    if (value == null || value == None.NONE) {
      return otherwise;
    }
    long index = Values.integer(value);
    return Math.max(low, Math.min(high, index < 0 ? index + size : index));
  }
}
