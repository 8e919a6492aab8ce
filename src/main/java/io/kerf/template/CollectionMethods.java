package io.kerf.template;

import io.kerf.name.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The methods of Python's lists and dictionaries that only look. */
final class CollectionMethods {
  private static final List<String> OF_LISTS = List.of("count", "index");
  private static final List<String> OF_MAPS = List.of("get", "items", "keys", "values");

  private CollectionMethods() {}

  static Object call(List<?> list, String method, Call call) {
    Object wanted = OF_LISTS.contains(method) ? call.takes("value").get(0, "value") : null;
    return switch (method) {
      case "count" -> list.stream().filter(item -> Values.equal(item, wanted)).count();
      case "index" -> index(list, wanted);
      default -> throw Names.unknown("method of a list", method, OF_LISTS);
    };
  }

  private static long index(List<?> list, Object wanted) {
    for (int i = 0; i < list.size(); i++) {
      if (Values.equal(list.get(i), wanted)) {
        return i;
      }
    }
    throw new TemplateException(
        PythonText.repr(wanted) + " is not in " + Values.shortened(PythonText.repr(list)));
  }

  static Object call(Map<?, ?> map, String method, Call call) {
    return switch (method) {
      case "get" -> {
        Object found = map.get(call.takes("key", "default").get(0, "key"));
        yield found != null ? found : call.get(1, "default", None.NONE);
      }
      case "items" -> {
        call.takes();
        yield map.entrySet().stream().map(e -> Tuple.of(e.getKey(), e.getValue())).toList();
      }
      case "keys" -> new ArrayList<>(call.takes() == null ? List.of() : map.keySet());
      case "values" -> new ArrayList<>(call.takes() == null ? List.of() : map.values());
      default -> throw Names.unknown("method of a dict", method, OF_MAPS);
    };
  }
}
