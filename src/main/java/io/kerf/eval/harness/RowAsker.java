package io.kerf.eval.harness;

import io.kerf.eval.Document;
import io.kerf.eval.Request.LogLikelihood;
import io.kerf.template.PythonText;
import io.kerf.template.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Turns rows into what a task asks. */
final class RowAsker {
  private final TaskDefinition task;
  private final FieldReader reader;
  private final Prompts prompts;
  private final Shots shots;
  private final boolean unconditional;

  /**
   * @param columns of the rows
   * @param first of the rows
   */
  RowAsker(TaskDefinition task, Set<?> columns, Row first, Shots shots) {
    this.task = task;
    this.reader = new FieldReader(task.name(), columns, task.fields().choice() != null);
    this.prompts = new Prompts(task, reader, first);
    this.shots = shots;
    this.unconditional =
        task.metrics().stream().anyMatch(metric -> metric.name().equals("acc_mutual_info"));
  }

  /** What a row asks, under the id that it is to have. */
  Document document(String id, Row row) {
    return switch (task.type()) {
      case LOGLIKELIHOOD_ROLLING -> page(id, row);
      case LOGLIKELIHOOD ->
          new LastWord(
              id, new LogLikelihood(prompts.contexts(row, shots.next(row)).get(0), text(row)));
      case MULTIPLE_CHOICE -> question(id, row);
    };
  }

  private String text(Row row) {
    Object target = reader.target(task.fields().target(), row);
    if (target instanceof String text && !text.isEmpty()) {
      return text;
    }
    throw reader.wrong(
        "doc_to_target", row, "must give a string to score, was " + Values.described(target));
  }

  private Document page(String id, Row row) {
    String text = text(row);
    String counted = task.own().counted();
    return new Page(id, text, counted == null ? text : reader.string("counted", counted, row));
  }

  private Document question(String id, Row row) {
    List<String> contexts = prompts.contexts(row, shots.next(row));
    List<String> choices = reader.choices(task.fields().choice(), row);
    String delimiter = task.fields().targetDelimiter();
    List<LogLikelihood> asked = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      asked.add(
          prompts.optionInText()
              ? new LogLikelihood(contexts.get(i), delimiter + PythonText.str(target(row)))
              : new LogLikelihood(contexts.get(0), delimiter + choices.get(i)));
    }
    if (task.own().labels() != null) {
      return new TruthsQuestion(id, asked, choices, labelled(row, choices.size()), true);
    }
    Object gold = prompts.optionInText() ? reader.text(task.fields().text(), row) : target(row);
    if (gold instanceof List<?> all) {
      refuseMutual(row, "several choices are right");
      Set<Integer> right = new TreeSet<>();
      all.forEach(one -> right.add(index(one, choices, row)));
      return new TruthsQuestion(id, asked, choices, right, false);
    }
    if (prompts.optionInText()) {
      refuseMutual(row, "the choices stand in the context");
    }
    return new ChoiceQuestion(id, asked, choices, index(gold, choices, row), unconditional);
  }

  private Object target(Row row) {
    return reader.target(task.fields().target(), row);
  }

  private void refuseMutual(Row row, String why) {
    if (unconditional) {
      throw reader.wrong("metric_list", row, "acc_mutual_info is not known where " + why);
    }
  }

  private int index(Object gold, List<String> choices, Row row) {
    long place =
        gold instanceof String text
            ? choices.indexOf(text)
            : Prompts.isIndex(gold) ? Prompts.asLong(gold) : -1;
    if (place < 0 || place >= choices.size()) {
      throw reader.wrong(
          prompts.optionInText() ? "doc_to_text" : "doc_to_target",
          row,
          "the right choice must be one of "
              + PythonText.repr(choices)
              + " or in [0, "
              + choices.size()
              + "), was "
              + PythonText.repr(gold));
    }
    return (int) place;
  }

  private Set<Integer> labelled(Row row, int choices) {
    Object labels = reader.target(task.own().labels(), row);
    if (!(labels instanceof List<?> list) || list.size() != choices) {
      throw reader.wrong(
          "labels",
          row,
          "must be a list of " + choices + " labels, was " + Values.described(labels));
    }
    Set<Integer> right = new TreeSet<>();
    IntStream.range(0, choices).filter(i -> Values.equal(list.get(i), 1L)).forEach(right::add);
    return right;
  }
}
