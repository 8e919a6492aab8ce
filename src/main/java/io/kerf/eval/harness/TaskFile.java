package io.kerf.eval.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML file of a task or a group, as Python reads it (YAML 1.1); what it includes is merged in,
 * its own keys before those of what it includes.
 *
 * <p>It is untrusted: no tag makes an object of a class, {@code !function} only names what would
 * have been run, and size, depth and aliases are bounded.
 *
 * @param origin how errors name it
 * @param folder where it lies; null for the project's own
 */
record TaskFile(String origin, Path folder, Map<String, Object> keys) {
  static final String RESOURCES = "/io/kerf/eval/harness/";

  private static final int MAX_BYTES = 4 << 20;
  private static final int MAX_ALIASES = 50;
  private static final int MAX_DEPTH = 50;

  /** Python code that a file names and that is never run. */
  record PythonFunction(String name) {}

  /** A file of the user's. */
  static TaskFile read(Path path) {
    Path file = path.toAbsolutePath().normalize();
    return new TaskFile(path.toString(), file.getParent(), merged(file, new LinkedHashSet<>()));
  }

  /** One of the project's own. */
  static TaskFile ofProject(String name) {
    try (InputStream in = TaskFile.class.getResourceAsStream(RESOURCES + name)) {
      if (in == null) {
        throw new IllegalArgumentException("the project has no task file " + name);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Map<String, Object> own = parse(text, name);
      Object included = own.remove("include");
      Map<String, Object> all = new LinkedHashMap<>();
      if (included != null) {
        all.putAll(ofProject((String) included).keys());
      }
      all.putAll(own);
      return new TaskFile(name, null, all);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }

  private static Map<String, Object> merged(Path file, Set<Path> including) {
    if (!including.add(file)) {
      throw new IllegalArgumentException(file + " includes itself: " + including);
    }
    Map<String, Object> own = parse(text(file), file.toString());
    Object included = own.remove("include");
    Map<String, Object> all = new LinkedHashMap<>();
    for (Object name : included instanceof List<?> list ? list : asList(included)) {
      if (!(name instanceof String relative)) {
        throw new IllegalArgumentException(file + ": include must name files, was " + name);
      }
      all.putAll(merged(file.resolveSibling(relative).normalize(), including));
      all.remove("task_list");
    }
    all.putAll(own);
    including.remove(file);
    return all;
  }

  private static List<?> asList(Object one) {
    return one == null ? List.of() : List.of(one);
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException(
            file + " has " + Files.size(file) + " bytes, a task is read up to " + MAX_BYTES);
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /** The keys of a document. */
  static Map<String, Object> parse(String text, String origin) {
    Object document;
    try {
      document = new Yaml(new Plain()).load(text);
    } catch (YAMLException e) {
      throw new IllegalArgumentException(origin + " is not the YAML of a task: " + e.getMessage());
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException(origin + " is nested too deeply");
    }
    if (!(document instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(origin + " must be a mapping of keys to values");
    }
    Map<String, Object> keys = new LinkedHashMap<>();
    map.forEach((key, value) -> keys.put(String.valueOf(key), value));
    return keys;
  }

  /** Strings, numbers, booleans, lists and maps, and the names of functions. */
  private static final class Plain extends SafeConstructor {
    Plain() {
      super(options());
      yamlConstructors.put(
          new Tag("!function"),
          new AbstractConstruct() {
            @Override
            public Object construct(Node node) {
              return new PythonFunction(
                  node instanceof ScalarNode scalar ? scalar.getValue() : node.toString());
            }
          });
    }

    private static LoaderOptions options() {
      LoaderOptions options = new LoaderOptions();
      options.setCodePointLimit(MAX_BYTES);
      options.setNestingDepthLimit(MAX_DEPTH);
      options.setMaxAliasesForCollections(MAX_ALIASES);
      options.setAllowRecursiveKeys(false);
      options.setAllowDuplicateKeys(false);
      return options;
    }
  }

  /** The same with other keys before its own. */
  TaskFile with(Map<String, ?> over) {
    Map<String, Object> all = new LinkedHashMap<>(keys);
    all.putAll(over);
    return new TaskFile(origin, folder, all);
  }

  /** The names of a key that holds one or a list of them. */
  List<String> names(String key) {
    List<String> names = new ArrayList<>();
    Object value = keys.get(key);
    for (Object name : value instanceof List<?> list ? list : asList(value)) {
      names.add(String.valueOf(name));
    }
    return names;
  }
}
