package io.kerf.eval.harness;

import io.kerf.eval.harness.TaskGroup.Aggregate;
import io.kerf.name.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Task files by the names of their tasks, tags and groups. */
final class TaskIndex {
  private final Map<String, TaskFile> tasks = new LinkedHashMap<>();
  private final Map<String, TaskFile> groups = new LinkedHashMap<>();
  private final Map<String, TreeSet<String>> tags = new TreeMap<>();
  private final TaskIndex others; // looked into where this one has no such name; may be null

  TaskIndex(List<TaskFile> files, TaskIndex others) {
    this.others = others;
    files.forEach(this::add);
  }

  private void add(TaskFile file) {
    if (isGroup(file)) {
      groups.put(String.valueOf(file.keys().get("group")), file);
      return;
    }
    for (TaskFile task : each(file)) {
      String name = String.valueOf(task.keys().get("task"));
      tasks.put(name, task);
      task.names("tag").forEach(tag -> tags.computeIfAbsent(tag, t -> new TreeSet<>()).add(name));
    }
  }

  static boolean isGroup(TaskFile file) {
    return file.keys().get("group") != null && file.keys().get("task") instanceof List;
  }

  /**
   * One task for each name under {@code kerf: each:}, which maps tags to names: {@code $each} and
   * {@code $words} stand for the name, and for the name with spaces.
   */
  private static List<TaskFile> each(TaskFile file) {
    if (!(file.keys().get("kerf") instanceof Map<?, ?> own)
        || !(own.get("each") instanceof Map<?, ?> each)) {
      return List.of(file);
    }
    List<TaskFile> tasks = new ArrayList<>();
    each.forEach(
        (tag, names) -> {
          for (Object name : (List<?>) names) {
            Map<String, Object> keys = new LinkedHashMap<>();
            file.keys().forEach((key, value) -> keys.put(key, filled(value, (String) name)));
            keys.put("tag", tag);
            tasks.add(new TaskFile(file.origin(), file.folder(), keys));
          }
        });
    return tasks;
  }

  private static Object filled(Object value, String name) {
    if (value instanceof String text) {
      return text.replace("$each", name).replace("$words", name.replace('_', ' '));
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> filled = new LinkedHashMap<>();
      map.forEach((key, item) -> filled.put(key, filled(item, name)));
      filled.remove("each");
      return filled;
    } else if (value instanceof List<?> list) {
      return list.stream().map(item -> filled(item, name)).toList();
    }
    return value;
  }

  /** All tasks, in the order of their files. */
  Map<String, TaskFile> tasks() {
    return tasks;
  }

  Map<String, TaskFile> groups() {
    return groups;
  }

  /** What a name stands for: tasks, and the groups that they are of, the outermost first. */
  record Found(List<TaskFile> tasks, List<TaskGroup> groups) {}

  /**
   * The task, the tasks of the tag, or the group of that name.
   *
   * @throws io.kerf.name.UnknownNameException if there is none
   */
  Found find(String name, List<String> known) {
    Found found = new Found(new ArrayList<>(), new ArrayList<>());
    if (!collect(name, Map.of(), found, 0)) {
      throw Names.unknown("task", name, known);
    }
    return found;
  }

  /** What a group's file stands for. */
  Found find(TaskFile group) {
    Found found = new Found(new ArrayList<>(), new ArrayList<>());
    collect(group, Map.of(), found, 0);
    return found;
  }

  private boolean collect(String name, Map<String, Object> over, Found found, int depth) {
    if (tasks.containsKey(name)) {
      found.tasks().add(over.isEmpty() ? tasks.get(name) : tasks.get(name).with(over));
    } else if (groups.containsKey(name)) {
      collect(groups.get(name), over, found, depth + 1);
    } else if (tags.containsKey(name)) {
      tags.get(name).forEach(task -> collect(task, over, found, depth));
    } else {
      return others != null && others.collect(name, over, found, depth);
    }
    return true;
  }

  private void collect(TaskFile file, Map<String, Object> over, Found found, int depth) {
    if (depth > 8) {
      throw new IllegalArgumentException(file.origin() + ": groups are nested more than 8 deep");
    }
    Keys keys = new Keys(file.origin(), file.keys());
    Map<String, Object> inherited = new LinkedHashMap<>(file.keys());
    List.of("group", "group_alias", "task", "tag", "aggregate_metric_list", "metadata", "task_list")
        .forEach(inherited::remove);
    inherited.putAll(over);
    int place = found.groups().size();
    int from = found.tasks().size();
    for (Object member : (List<?>) file.keys().get("task")) {
      Map<String, Object> own = new LinkedHashMap<>(inherited);
      if (member instanceof Map<?, ?>) {
        Keys entry = new Keys(file.origin() + ": task", member);
        own.putAll(entry.all());
        own.remove("group");
      }
      String name =
          member instanceof Map<?, ?> map
              ? String.valueOf(map.get(map.containsKey("group") ? "group" : "task"))
              : String.valueOf(member);
      own.remove("task");
      if (!collect(name, own, found, depth)) {
        throw new IllegalArgumentException(
            file.origin() + ": " + Names.unknown("task", name, allNames()).getMessage());
      }
    }
    List<String> members =
        found.tasks().subList(from, found.tasks().size()).stream()
            .map(task -> String.valueOf(task.keys().get("task")))
            .toList();
    found.groups().add(place, group(keys, members));
  }

  private List<String> allNames() {
    TreeSet<String> names = new TreeSet<>(tasks.keySet());
    names.addAll(groups.keySet());
    names.addAll(tags.keySet());
    return List.copyOf(names);
  }

  private static TaskGroup group(Keys keys, List<String> members) {
    List<Aggregate> aggregates = new ArrayList<>();
    Object list = keys.get("aggregate_metric_list");
    for (Object item :
        list instanceof List<?> many ? many : list == null ? List.of() : List.of(list)) {
      Keys metric = new Keys("aggregate_metric_list", item);
      metric.only("metric", "aggregation", "weight_by_size", "filter_list");
      String aggregation = metric.text("aggregation", "mean");
      if (!aggregation.equals("mean")) {
        throw metric.wrong("aggregation", "must be mean", aggregation);
      }
      aggregates.add(
          new Aggregate(
              metric.required("metric"), !Boolean.FALSE.equals(metric.get("weight_by_size"))));
    }
    Object version =
        keys.get("metadata") instanceof Map<?, ?> metadata ? metadata.get("version") : null;
    return new TaskGroup(
        keys.required("group"), version == null ? "Yaml" : version.toString(), members, aggregates);
  }
}
