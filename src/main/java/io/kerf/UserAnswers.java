package io.kerf;

import io.kerf.eval.AnswerStore;
import io.kerf.source.KerfHome;
import java.nio.file.Path;
import java.util.Optional;

/** Where this user's answers are kept. */
final class UserAnswers {
  private UserAnswers() {}

  /** The store that the property, else the variable, else Kerf's home names; empty for "none". */
  static Optional<AnswerStore> store() {
    return store(System.getProperty(AnswerStore.PROPERTY), System.getenv(AnswerStore.VARIABLE));
  }

  static Optional<AnswerStore> store(String property, String variable) {
    String named = KerfHome.named(property, variable).orElse("");
    if (named.isEmpty()) {
      return Optional.of(AnswerStore.in(KerfHome.folder("answers")));
    }
    return named.equals(AnswerStore.NONE)
        ? Optional.empty()
        : Optional.of(AnswerStore.in(Path.of(named)));
  }
}
