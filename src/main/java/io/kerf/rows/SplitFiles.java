package io.kerf.rows;

import io.kerf.json.Json;
import io.kerf.json.Yaml;
import io.kerf.name.Names;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of a data set's files are one split of one configuration, found as Python's datasets finds
 * them: by {@code configs} in the head of its README where it has them, else by the files' names.
 *
 * <p>By name, a split is a file of that name ({@code validation.jsonl}), its shards ({@code
 * validation-00000-of-00002.parquet}), a folder ({@code validation/0000.parquet}), or the end of a
 * name ({@code anatomy_val.csv}); a configuration is the folder that these are in, or what stands
 * before the split in the name; a folder {@code data} does not count. "dev", "val" and "validation"
 * are the same where only one of them is there. Where files of a split are of several kinds, those
 * of one kind are taken, Parquet first.
 *
 * @param dataSet how errors name it
 * @param configuration blank for the only one, or the one that is the default
 */
record SplitFiles(String dataSet, String configuration, String split) {
  static final String README = "README.md";
  private static final int MAX_FOLDER = 100_000; // files below it

  SplitFiles {
    if (split.isBlank()) {
      throw new IllegalArgumentException(
          "the split of " + dataSet + " must be named: train, validation, test, or as it has them");
    }
  }

  /**
   * Those of a folder, relative to it.
   *
   * @throws RowsException if there are no rows in it
   */
  List<String> in(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new RowsException("there is no folder " + folder + " to read rows of");
    }
    List<String> names;
    try (Stream<Path> files = Files.walk(folder, 8)) {
      names =
          files
              .filter(Files::isRegularFile)
              .limit(MAX_FOLDER)
              .map(file -> folder.relativize(file).toString().replace('\\', '/'))
              .sorted()
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder + ": " + e.getMessage(), e);
    }
    List<String> chosen = among(names, name -> read(folder.resolve(name)));
    if (chosen.isEmpty()) {
      throw new RowsException(
          folder + " holds no file of rows; understood are " + RowKind.understood());
    }
    return chosen;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Those of a list of paths; none if no file among them holds rows.
   *
   * @param document gives a file's bytes
   * @throws RowsException if shards are missing, or the README is damaged
   * @throws io.kerf.name.UnknownNameException if there are rows, but no such configuration or split
   */
  List<String> among(Collection<String> paths, Function<String, byte[]> document) {
    return byReadme(paths, document).orElseGet(() -> byName(paths));
  }

  /** Those that the README names; nothing if it has no {@code configs}. */
  Optional<List<String>> byReadme(Collection<String> paths, Function<String, byte[]> document) {
    if (paths.contains(README)) {
      String text = new String(document.apply(README), StandardCharsets.UTF_8);
      Json configs =
          Yaml.head(text, dataSet + ": " + README).map(head -> head.at("configs")).orElse(null);
      if (configs != null && configs.present()) {
        return Optional.of(whole(listed(configs, paths)));
      }
    }
    return Optional.empty();
  }

  // ------------------------------------------------------------------------ by README

  private List<String> listed(Json configs, Collection<String> paths) {
    Map<String, Json> named = new LinkedHashMap<>();
    String usual = "default";
    for (Json config : configs.items()) {
      String name = config.at("config_name").text();
      named.put(name, config);
      if (config.at("default").present() && config.at("default").bool()) {
        usual = name;
      }
    }
    Json config = named.get(chosen(named.keySet(), usual));
    String base = config.at("data_dir").optional().map(Json::text).orElse("").replaceAll("/+$", "");
    Map<String, List<Json>> splits = patterns(config.at("data_files"));
    if (splits.isEmpty()) {
      List<String> below = base.isEmpty() ? List.copyOf(paths) : below(base, paths);
      return new SplitFiles(dataSet, "", split).byName(below);
    }
    String found = splits.containsKey(split) ? split : same(splits.keySet());
    Set<String> files = new LinkedHashSet<>();
    for (Json pattern : splits.get(found)) {
      String text = base.isEmpty() ? pattern.text() : base + "/" + pattern.text();
      Glob glob = Glob.of(text, pattern.where());
      List<String> matching = paths.stream().filter(glob::matches).sorted().toList();
      if (matching.isEmpty()) {
        throw new RowsException(pattern.where() + " names '" + text + "', and no file is named so");
      }
      files.addAll(matching);
    }
    return List.copyOf(files);
  }

  private static List<String> below(String base, Collection<String> paths) {
    return paths.stream().filter(path -> path.startsWith(base + "/")).toList();
  }

  /** A pattern, several, or one or several for each split; those of no split are of "train". */
  private static Map<String, List<Json>> patterns(Json files) {
    Map<String, List<Json>> splits = new LinkedHashMap<>();
    if (!files.present()) {
      return splits;
    }
    for (Json file : files.isArray() ? files.items() : List.of(files)) {
      boolean ofSplit = file.isObject();
      Json path = ofSplit ? file.at("path") : file;
      String name = ofSplit ? file.at("split").text() : "train";
      splits
          .computeIfAbsent(name, key -> new ArrayList<>())
          .addAll(path.isArray() ? path.items() : List.of(path));
    }
    return splits;
  }

  // ------------------------------------------------------------------------ by name

  /** Those that are of the split by their names; none if no file holds rows. */
  List<String> byName(Collection<String> paths) {
    List<Candidate> all =
        paths.stream().sorted().flatMap(path -> Candidate.of(path, split).stream()).toList();
    if (all.isEmpty()) {
      return List.of();
    }
    boolean silent = all.stream().allMatch(file -> file.split().isEmpty());
    Map<String, List<Candidate>> configurations = new TreeMap<>();
    for (Candidate file : all) {
      if (silent || !file.split().isEmpty()) { // where no name says a split, all is "train"
        configurations.computeIfAbsent(file.configuration(), key -> new ArrayList<>()).add(file);
      }
    }
    boolean nameless = configurations.containsKey("");
    List<Candidate> files =
        configurations.get(chosen(configurations.keySet(), nameless ? "" : "default"));
    Set<String> splits =
        files.stream()
            .map(file -> silent ? "train" : file.split())
            .collect(Collectors.toCollection(TreeSet::new));
    String found = splits.contains(split) ? split : same(splits);
    List<Candidate> ofSplit =
        files.stream().filter(file -> silent || file.split().equals(found)).toList();
    RowKind kind = ofSplit.stream().map(Candidate::kind).sorted().findFirst().orElseThrow();
    return whole(
        ofSplit.stream().filter(file -> file.kind() == kind).map(Candidate::path).toList());
  }

  private String chosen(Set<String> configurations, String usual) {
    if (configurations.contains(configuration) && !configuration.isBlank()) {
      return configuration;
    }
    if (!configuration.isBlank()) {
      throw Names.unknown("configuration of " + dataSet, configuration, configurations);
    }
    if (configurations.contains(usual)) {
      return usual;
    }
    if (configurations.size() == 1) {
      return configurations.iterator().next();
    }
    throw new RowsException(
        dataSet
            + " has several configurations; name one of them: "
            + String.join(", ", configurations));
  }

  /** The one split that is usually called the same. */
  private String same(Set<String> splits) {
    List<String> same =
        splits.stream()
            .filter(name -> Candidate.usual(name).equals(Candidate.usual(split)))
            .toList();
    if (same.size() != 1) {
      throw Names.unknown("split of " + dataSet, split, splits);
    }
    return same.get(0);
  }

  /** Fails where shards are missing: fewer rows would be a result of something else. */
  private List<String> whole(List<String> files) {
    Map<String, List<String>> shards = new TreeMap<>();
    for (String file : files) {
      Candidate.of(file, split)
          .filter(found -> found.shards() > 1)
          .ifPresent(
              found ->
                  shards
                      .computeIfAbsent(
                          file.replaceAll("-[0-9]{5}-of-", "-*-of-"), key -> new ArrayList<>())
                      .add(file));
    }
    shards.forEach(
        (name, present) -> {
          int expected = Candidate.of(present.get(0), split).orElseThrow().shards();
          if (present.size() != expected) {
            throw new RowsException(
                dataSet + " has " + present.size() + " of the " + expected + " files " + name);
          }
        });
    return files;
  }
}
