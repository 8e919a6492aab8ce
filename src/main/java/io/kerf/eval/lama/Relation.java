package io.kerf.eval.lama;

import java.util.Map;
import java.util.Objects;

/**
 * What facts say of their subject.
 *
 * @param name "P19", "place_of_death"
 * @param template the sentence, {@code [X]} for the subject and {@code [Y]} for the object; empty
 *     where every fact brings its own sentence
 * @param type how many objects a subject has and the other way round, "1-1", "N-1" or "N-M"; empty
 *     where the data does not say
 */
public record Relation(String name, String template, String type) {
  public Relation {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
    boolean complete = template.contains("[X]") && template.contains("[Y]");
    if (!template.isEmpty() && !complete) {
      throw new IllegalArgumentException(
          "the template of " + name + " must have [X] and [Y], was '" + template + "'");
    }
  }

  /** A relation whose facts bring their own sentences. */
  static Relation untemplated(String name) {
    return new Relation(name, "", "");
  }

  boolean templated() {
    return !template.isEmpty();
  }

  /** The groups that its facts' scores are also given by. */
  Map<String, String> groups() {
    return type.isEmpty() ? Map.of("relation", name) : Map.of("relation", name, "type", type);
  }
}
