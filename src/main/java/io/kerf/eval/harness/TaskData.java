package io.kerf.eval.harness;

import io.kerf.eval.DataHome;
import io.kerf.eval.MissingDataException;
import io.kerf.eval.harness.TaskDefinition.Dataset;
import io.kerf.eval.harness.TaskDefinition.OwnKeys;
import io.kerf.progress.ProgressListener;
import io.kerf.rows.DataFile;
import io.kerf.rows.DataSet;
import io.kerf.source.FetchException;
import io.kerf.source.HubDataset;
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
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Finds the rows of a task's splits: in the files that it names, in a data home, on the hub. */
final class TaskData {
  private static final Set<String> LOADERS = Set.of("json", "csv", "parquet");
  private static final String WAY_OUT =
      "ask the questions that the project ships: task(\"questions\")";

  private final DataHome home;
  private final ProgressListener listener; // null where the hub is not to be asked
  private final Map<Object, Split> read = new HashMap<>();

  TaskData(DataHome home, ProgressListener listener) {
    this.home = home;
    this.listener = listener;
  }

  /** The rows of a split, with the columns of all of them. */
  record Split(List<Row> rows, Set<String> columns, List<DataFile> files) {}

  /**
   * The split that is asked: test, or validation. Where only the latter's file is here, that one:
   * the task's settings name it.
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

  /** Whether a file of the split is here. */
  boolean isHere(TaskDefinition task, String split) {
    if (ofFiles(task)) {
      return task.dataset().files().getOrDefault(split, List.of()).stream()
          .anyMatch(name -> local(task, name).isPresent());
    }
    String file = own(task).files().get(split);
    return file != null && home.find(file).isPresent();
  }

  /**
   * The rows of a split.
   *
   * @throws MissingDataException if they cannot be had
   */
  Split rows(TaskDefinition task, String split) {
    if (ofFiles(task)) {
      List<Path> files = new ArrayList<>();
      for (String name : files(task, split)) {
        files.add(local(task, name).orElseThrow(() -> missing(task, name)));
      }
      List<String> columns = task.dataset().columns();
      return once(files, () -> split(files, OwnKeys.NONE.withColumns(columns)));
    }
    OwnKeys own = own(task);
    String file = own.files().get(split);
    if (listener != null && (file == null || home.find(file).isEmpty())) {
      return fromHub(task, split, file);
    } else if (file == null) {
      throw new MissingDataException(
          "task " + task.name() + ": no file of its split '" + split + "' is known; " + WAY_OUT);
    }
    Path found = home.require(file, WAY_OUT);
    return once(found, () -> split(List.of(found), own));
  }

  private static boolean ofFiles(TaskDefinition task) {
    return LOADERS.contains(String.valueOf(task.dataset().path()))
        && !task.dataset().files().isEmpty();
  }

  private Split fromHub(TaskDefinition task, String split, String file) {
    Dataset wanted = task.dataset();
    if (wanted.path() == null || LOADERS.contains(wanted.path())) {
      home.require(String.valueOf(file), WAY_OUT);
    }
    String name = wanted.path() + (wanted.revision() == null ? "" : "@" + wanted.revision());
    String configuration = wanted.name() == null ? "" : wanted.name();
    return once(
        List.of(name, configuration, split),
        () -> {
          try {
            DataSet data = DataSet.ofHub(HubDataset.of(name), configuration, split, listener);
            List<Row> rows = RowFile.read(data);
            List<DataFile> files =
                data.files().stream().map(path -> DataFile.of(path, rows.size())).toList();
            return whole(rows, files);
          } catch (FetchException e) {
            throw new MissingDataException(
                "task "
                    + task.name()
                    + ": "
                    + (file == null ? "" : "no " + file + " is in " + home.folders() + ", and ")
                    + e.getMessage()
                    + "; or "
                    + WAY_OUT);
          }
        });
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
  private static OwnKeys own(TaskDefinition task) {
    boolean ofHub = !LOADERS.contains(String.valueOf(task.dataset().path()));
    return task.own().files().isEmpty() && ofHub ? Library.filesOf(task.dataset()) : task.own();
  }

  /** A file as a task names it: from the working directory, its folder, or the one above. */
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

  private static MissingDataException missing(TaskDefinition task, String name) {
    return new MissingDataException(
        "task "
            + task.name()
            + ": cannot find "
            + name
            + ": looked in the working directory, "
            + task.folder()
            + ", the folder above it and the data homes; "
            + WAY_OUT);
  }

  private Split once(Object key, Supplier<Split> reading) {
    Split found = read.get(key);
    if (found == null) {
      found = reading.get();
      read.put(key, found);
    }
    return found;
  }

  private static Split split(List<Path> files, OwnKeys own) {
    List<Row> rows = new ArrayList<>();
    List<DataFile> data = new ArrayList<>();
    for (Path file : files) {
      List<Row> found =
          own.pages()
              ? Pages.of(file)
              : own.columns().isEmpty()
                  ? RowFile.read(DataSet.of(file))
                  : RowFile.read(file, own.columns());
      rows.addAll(found);
      data.add(DataFile.of(file, found.size()));
    }
    return whole(rows, data);
  }

  /** A column that a row lacks is None, as in a table. */
  private static Split whole(List<Row> rows, List<DataFile> files) {
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> row.values().keySet().forEach(name -> columns.add((String) name)));
    return new Split(rows.stream().map(row -> filled(row, columns)).toList(), columns, files);
  }

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
