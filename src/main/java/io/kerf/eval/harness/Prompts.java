package io.kerf.eval.harness;

import io.kerf.eval.harness.TaskDefinition.FewShot;
import io.kerf.eval.harness.TaskDefinition.Fields;
import io.kerf.template.PythonText;
import io.kerf.template.Values;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** Writes what stands before an answer: description, examples, question. */
final class Prompts {
  private final TaskDefinition task;
  private final FieldReader reader;
  private final boolean optionInText;
  private final Map<Row, String> examples = new IdentityHashMap<>();

  /**
   * @param first the first row that is asked: it tells what kind of task this is
   */
  Prompts(TaskDefinition task, FieldReader reader, Row first) {
    this.task = task;
    this.reader = reader;
    Object text = reader.text(task.fields().text(), first);
    this.optionInText = task.fields().choice() != null && isIndex(text);
  }

  /** Whether the choices stand in the text, and what follows is scored (WinoGrande). */
  boolean optionInText() {
    return optionInText;
  }

  static boolean isIndex(Object value) {
    return value instanceof Long || value instanceof Boolean;
  }

  /** One context, or one for each choice that stands in it. */
  List<String> contexts(Row row, List<Row> shots) {
    StringBuilder before = new StringBuilder(reader.string("description", task.description(), row));
    shots.forEach(shot -> before.append(examples.computeIfAbsent(shot, this::example)));
    String gate = task.gate() == null ? null : reader.string("gen_prefix", task.gate(), row);
    if (optionInText) {
      return reader.choices(task.fields().choice(), row).stream()
          .map(choice -> before + choice + gated(choice, "", gate))
          .toList();
    }
    String question = question(reader.text(task.fields().text(), row), row);
    return List.of(before + question + gated(question, task.fields().targetDelimiter(), gate));
  }

  private String question(Object text, Row row) {
    if (text instanceof String question) {
      return question;
    }
    throw reader.wrong("doc_to_text", row, "must give a string, was " + Values.described(text));
  }

  private static String gated(String question, String delimiter, String gate) {
    if (gate == null || gate.isEmpty()) {
      return "";
    }
    return (question.isEmpty() || spaceBetween(question, gate) ? "" : delimiter) + gate;
  }

  private static boolean spaceBetween(String before, String after) {
    return PythonText.isSpace(before.codePointBefore(before.length()))
        || PythonText.isSpace(after.codePointAt(0));
  }

  /** A question with its answer and what parts it from the next. */
  private String example(Row shot) {
    FewShot config = task.fewshot();
    Fields fields = config.fields();
    List<String> choices =
        fields.choice() == null ? List.of() : reader.choices(fields.choice(), shot);
    Object text = reader.text(fields.text(), shot);
    Object target = reader.target(fields.target(), shot);
    String gate = config.gate() == null ? null : reader.string("gen_prefix", config.gate(), shot);
    boolean gated = gate != null && !gate.isEmpty();
    String question =
        optionInText ? choice(choices, text, "doc_to_text", shot) : question(text, shot);
    if ("".equals(target)) {
      return question + gated(question, fields.targetDelimiter(), gate);
    }
    String answer =
        isIndex(target) && !optionInText
            ? choice(choices, target, "doc_to_target", shot)
            : answer(target, shot);
    if (gated) {
      boolean bare = answer.isEmpty() || spaceBetween(gate, answer);
      return question
          + gated(question, fields.targetDelimiter(), gate)
          + (bare ? "" : " ")
          + answer
          + config.delimiter();
    }
    return question + fields.targetDelimiter() + answer + config.delimiter();
  }

  private String choice(List<String> choices, Object index, String key, Row row) {
    int place = isIndex(index) ? ((Number) asLong(index)).intValue() : -1;
    if (place < 0 || place >= choices.size()) {
      throw reader.wrong(
          key, row, "must be in [0, " + choices.size() + "), was " + PythonText.repr(index));
    }
    return choices.get(place);
  }

  /** True and False are 1 and 0. */
  static Long asLong(Object index) {
    return index instanceof Boolean truth ? (truth ? 1L : 0L) : (Long) index;
  }

  private String answer(Object target, Row row) {
    Object first = target instanceof List<?> list && !list.isEmpty() ? list.get(0) : target;
    if (first instanceof String text) {
      return text;
    }
    throw reader.wrong(
        "doc_to_target", row, "must give a string for an example, was " + Values.described(first));
  }
}
