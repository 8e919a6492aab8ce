package io.kerf.template;

import io.kerf.name.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What expressions are worth in a scope. */
final class Evaluation {
  private static final int MAX_STEPS = 5_000_000;
  private static final int MAX_RANGE = 1_000_000;

  private int steps;

  /** What {@code namespace()} makes: names that a loop may change. */
  record Namespace(Map<String, Object> names) {}

  /** Counts a step, of which a template may take so many. */
  void step() {
    if (++steps > MAX_STEPS) {
      throw new TemplateException("it takes more than " + MAX_STEPS + " steps");
    }
  }

  Object value(Expression expression, Scope scope) {
    step();
    if (expression instanceof Expression.Literal literal) {
      return literal.value();
    } else if (expression instanceof Expression.Name name) {
      Object value = scope.get(name.name());
      return value != null ? value : new Undefined("'" + name.name() + "' is undefined");
    } else if (expression instanceof Expression.Attribute attribute) {
      return attribute(value(attribute.base(), scope), attribute.name());
    } else if (expression instanceof Expression.Item item) {
      return Operators.item(value(item.base(), scope), value(item.key(), scope));
    } else if (expression instanceof Expression.Slice slice) {
      return Operators.slice(
          value(slice.base(), scope),
          valueOrNull(slice.from(), scope),
          valueOrNull(slice.to(), scope),
          valueOrNull(slice.step(), scope));
    } else if (expression instanceof Expression.Method method) {
      Object base = value(method.base(), scope);
      return method(
          base, method.method(), call("method", method.method(), method.arguments(), scope));
    } else if (expression instanceof Expression.Function function) {
      return function(
          function.name(), call("function", function.name(), function.arguments(), scope));
    } else if (expression instanceof Expression.Filter filter) {
      Object input = value(filter.input(), scope);
      if (input instanceof Undefined undefined && !Filters.takesUndefined(filter.name())) {
        throw undefined.error();
      }
      return Filters.apply(
          filter.name(), input, call("filter", filter.name(), filter.arguments(), scope));
    } else if (expression instanceof Expression.Test test) {
      Call call = call("test", test.name(), test.arguments(), scope);
      return Tests.holds(test.name(), value(test.input(), scope), call) != test.negated();
    } else if (expression instanceof Expression.Negative negative) {
      return Operators.negative(value(negative.of(), scope));
    } else if (expression instanceof Expression.Not not) {
      return !Values.truth(value(not.of(), scope));
    } else if (expression instanceof Expression.Binary binary) {
      return binary(binary, scope);
    } else if (expression instanceof Expression.Choice choice) {
      if (Values.truth(value(choice.condition(), scope))) {
        return value(choice.then(), scope);
      }
      return choice.otherwise() == null
          ? "" // Jinja is not strict here
          : value(choice.otherwise(), scope);
    } else if (expression instanceof Expression.Listing listing) {
      List<Object> items = new ArrayList<>();
      listing.items().forEach(item -> items.add(value(item, scope)));
      return listing.tuple() ? new Tuple(items) : items;
    }
    Map<Object, Object> map = new LinkedHashMap<>();
    ((Expression.Mapping) expression)
        .items()
        .forEach((key, item) -> map.put(value(key, scope), value(item, scope)));
    return map;
  }

  private Object valueOrNull(Expression expression, Scope scope) {
    return expression == null ? null : value(expression, scope);
  }

  private Object binary(Expression.Binary binary, Scope scope) {
    Object left = value(binary.left(), scope);
    if (binary.operator().equals("and") || binary.operator().equals("or")) {
      return Values.truth(left) == binary.operator().equals("or")
          ? left
          : value(binary.right(), scope);
    }
    return Operators.apply(binary.operator(), left, value(binary.right(), scope));
  }

  private Call call(String kind, String name, Expression.Arguments arguments, Scope scope) {
    List<Object> positional = new ArrayList<>();
    arguments.positional().forEach(argument -> positional.add(value(argument, scope)));
    Map<String, Object> named = new LinkedHashMap<>();
    arguments.named().forEach((key, argument) -> named.put(key, value(argument, scope)));
    return new Call(kind + " '" + name + "'", positional, named);
  }

  private static Object attribute(Object base, String name) {
    if (base instanceof Undefined undefined) {
      throw undefined.error();
    } else if (base instanceof Namespace namespace) {
      Object value = namespace.names().get(name);
      return value != null ? value : new Undefined("'" + name + "' is undefined in a namespace");
    }
    return base instanceof Map ? Operators.item(base, name) : Operators.missing(base, name);
  }

  private static Object method(Object base, String method, Call call) {
    if (base instanceof Undefined undefined) {
      throw undefined.error();
    } else if (base instanceof String text) {
      return StringMethods.call(text, method, call);
    } else if (base instanceof List<?> list) {
      return CollectionMethods.call(list, method, call);
    } else if (base instanceof Map<?, ?> map) {
      return CollectionMethods.call(map, method, call);
    }
    throw new TemplateException(Values.described(base) + " has no method '" + method + "'");
  }

  private static Object function(String name, Call call) {
    return switch (name) {
      case "range" -> range(call.takes("start", "stop", "step").positional());
      case "dict" -> new LinkedHashMap<Object, Object>(call.takes(names(call)).named());
      case "namespace" -> new Namespace(new HashMap<>(call.takes(names(call)).named()));
      default -> throw Names.unknown("function", name, List.of("dict", "namespace", "range"));
    };
  }

  private static String[] names(Call call) {
    return call.named().keySet().toArray(new String[0]);
  }

  private static List<Object> range(List<Object> bounds) {
    if (bounds.isEmpty()) {
      throw new TemplateException("function 'range' needs stop");
    }
    long from = bounds.size() == 1 ? 0 : Values.integer(bounds.get(0));
    long to = Values.integer(bounds.get(bounds.size() == 1 ? 0 : 1));
    long step = bounds.size() == 3 ? Values.integer(bounds.get(2)) : 1;
    if (step == 0 || Math.abs((double) to - from) / Math.abs((double) step) > MAX_RANGE) {
      throw new TemplateException("a range of more than " + MAX_RANGE + " numbers is refused");
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = from; step > 0 ? i < to : i > to; i += step) {
      numbers.add(i);
    }
    return numbers;
  }
}
