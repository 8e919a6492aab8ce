package io.kerf.eval.harness;

import io.kerf.eval.DataFile;
import io.kerf.eval.DataHome;
import io.kerf.eval.MissingDataException;
import io.kerf.template.None;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the rows of a task's splits. */
final class TaskData {
  private static final Set<String> LOADERS = Set.of("json", "csv", "parquet", "text");
  private static final String WAY_OUT =
      "ask the questions that the project ships: task(\"questions\")";

  private final DataHome home;
  private final Map<List<Path>, Split> read = new HashMap<>();

  TaskData(DataHome home) {
    this.home = home;
  }

  /**
   * The rows of a split.
   *
   * @param columns of all rows, in order
   */
  record Split(List<Row> rows, Set<String> columns, List<DataFile> files) {}

  /**
   * The split that is asked: test, or validation. Where a data home has only the one, that one: the
   * task's settings name it.
   */
  String asked(TaskDefinition task) {
    String validation = task.dataset().validation();
    boolean onlyValidation =
        task.dataset().test() != null
            && validation != null
            && !isHere(task, task.dataset().test())
            && isHere(task, validation);
    return onlyValidation ? validation : task.evaluated();
  }

  /** Whether files of a split are here. */
  boolean isHere(TaskDefinition task, String split) {
    if (LOADERS.contains(String.valueOf(task.dataset().path()))
        && !task.dataset().files().isEmpty()) {
      return task.dataset().files().getOrDefault(split, List.of()).stream()
          .anyMatch(name -> local(task, name).isPresent());
    }
    String file = own(task).files().get(split);
    return file != null && home.find(file).isPresent();
  }

  /**
   * The rows of a split.
   *
   * @throws MissingDataException if they are not here
   */
  Split rows(TaskDefinition task, String split) {
    List<Path> files = new ArrayList<>();
    boolean pages = false;
    List<String> columns = List.of();
    if (LOADERS.contains(String.valueOf(task.dataset().path()))
        && !task.dataset().files().isEmpty()) {
      for (String name : files(task, split)) {
        files.add(local(task, name).orElseThrow(() -> missing(task, name)));
      }
      columns = task.dataset().columns();
    } else {
      TaskDefinition.OwnKeys own = own(task);
      String file = own.files().get(split);
      if (file == null) {
        throw missing(task, split);
      }
      files.add(home.require(file, WAY_OUT));
      columns = own.columns();
      pages = own.pages();
    }
    return read(files, columns, pages);
  }

  private static List<String> files(TaskDefinition task, String split) {
    List<String> names = task.dataset().files().get(split);
    if (names == null) {
      throw new IllegalArgumentException(
          task.origin()
              + ": dataset_kwargs: data_files names no file for the split '"
              + split
              + "', it has "
              + task.dataset().files().keySet());
    }
    return names;
  }

  /** The task's own files, or those that the project knows of the same data set. */
  private TaskDefinition.OwnKeys own(TaskDefinition task) {
    return task.own().files().isEmpty() ? Library.filesOf(task.dataset()) : task.own();
  }

  /**
   * A file as the user's task names it: from the working directory, its folder, or the one above.
   */
  private Optional<Path> local(TaskDefinition task, String name) {
    List<Path> folders = new ArrayList<>(List.of(Path.of("")));
    if (task.folder() != null) {
      folders.add(task.folder());
      if (task.folder().getParent() != null) {
        folders.add(task.folder().getParent());
      }
    }
    return Stream.concat(
            folders.stream().map(folder -> folder.resolve(name)).filter(Files::exists),
            home.find(name).stream())
        .findFirst();
  }

  private static MissingDataException missing(TaskDefinition task, String what) {
    return new MissingDataException(
        "task "
            + task.name()
            + ": cannot find "
            + what
            + (task.folder() == null
                ? ""
                : ": looked in the working directory, "
                    + task.folder()
                    + ", the folder above it and the data homes")
            + "; "
            + WAY_OUT);
  }

  private Split read(List<Path> files, List<String> columns, boolean pages) {
    return read.computeIfAbsent(files, paths -> split(paths, columns, pages));
  }

  private static Split split(List<Path> files, List<String> columns, boolean pages) {
    List<Row> rows = new ArrayList<>();
    List<DataFile> data = new ArrayList<>();
    for (Path file : files) {
      List<Row> found = pages ? Pages.of(file) : RowFile.read(file, columns);
      rows.addAll(found);
      data.add(DataFile.of(file, found.size()));
    }
    Set<String> all = new LinkedHashSet<>();
    rows.forEach(row -> row.values().keySet().forEach(name -> all.add((String) name)));
    return new Split(rows.stream().map(row -> filled(row, all)).toList(), all, data);
  }

  /** A column that a row lacks is None, as in a table. */
  private static Row filled(Row row, Set<String> columns) {
    if (row.values().size() == columns.size()) {
      return row;
    }
    Map<String, Object> values = new LinkedHashMap<>();
    for (String column : columns) {
      Object value = row.values().get(column);
      values.put(column, value == null ? None.NONE : value);
    }
    return new Row(values, row.where());
  }
}
