package io.kerf.eval.lama;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.eval.Answer;
import io.kerf.eval.DataHome;
import io.kerf.eval.Documents;
import io.kerf.eval.FakeModels;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.text.Tokenizer;
import io.kerf.text.Tokenizers;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A folder of a few facts, and models of every family that know their words. */
abstract class LamaCase {
  static final List<String> WORDS =
      List.of(
          "[PAD]",
          "[UNK]",
          "[CLS]",
          "[SEP]",
          "[MASK]",
          "<extra_id_0>",
          "Ann",
          "Bob",
          "Paris",
          "Rome",
          "Oslo",
          "died",
          "in",
          ".",
          "lives",
          "home",
          "of",
          "is",
          "a",
          "common",
          "name",
          "the",
          "following",
          "city",
          ":",
          "##ville",
          "-",
          "Saint",
          "Fill",
          "blank",
          "with",
          "appropriate",
          "word");

  @TempDir Path temp;
  Tokenizer tokenizer;

  @BeforeEach
  void writeVocabulary() throws IOException {
    tokenizer = Tokenizers.wordPiece(Files.write(temp.resolve("vocab.txt"), WORDS), false);
    write("lama/common_vocab_cased.txt", "Paris", "Rome", "Oslo");
  }

  void write(String file, String... lines) throws IOException {
    Path path = temp.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, List.of(lines));
  }

  static String fact(String id, String subject, String object) {
    return String.format(
        "{\"uuid\":\"%s\",\"sub_label\":\"%s\",\"obj_label\":\"%s\"}", id, subject, object);
  }

  static String relation(String name, String template) {
    return String.format(
        "{\"relation\":\"%s\",\"template\":\"%s\",\"type\":\"N-1\"}", name, template);
  }

  Model model(Family family) {
    boolean sentinel = family.kind() == Family.Kind.ENCODER_DECODER;
    return FakeModels.model(family, sentinel ? readsSentinels(tokenizer) : tokenizer, 100);
  }

  /** The same tokenizer, to which the sentinel is one token: WordPiece has few special ones. */
  private static Tokenizer readsSentinels(Tokenizer plain) {
    return (Tokenizer)
        Proxy.newProxyInstance(
            LamaCase.class.getClassLoader(),
            new Class<?>[] {Tokenizer.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("encode")) {
                return method.invoke(plain, arguments);
              }
              String text = ((String) arguments[0]).replace("<extra_id_0>", "[PAD]");
              int[] ids = plain.encode(text, (Boolean) arguments[1]);
              return Arrays.stream(ids)
                  .map(id -> id == WORDS.indexOf("[PAD]") ? WORDS.indexOf("<extra_id_0>") : id)
                  .toArray();
            });
  }

  Lama lama() {
    return Lama.in(DataHome.of(temp));
  }

  int id(String word) {
    return tokenizer.id(word).orElseThrow();
  }

  /** "Ann died in": the tokens, spelled out. */
  String spelled(io.kerf.eval.Tokens tokens) {
    StringBuilder text = new StringBuilder();
    for (int id : tokens.toArray()) {
      text.append(text.isEmpty() ? "" : " ").append(tokenizer.token(id));
    }
    return text.toString();
  }

  static Answer.Likelihood likelihood(double logLikelihood) {
    return new Answer.Likelihood(logLikelihood, 1, false, 0);
  }

  static Answer.Cloze cloze(double logProbability, int best) {
    return new Answer.Cloze(logProbability, 1, 1, 1, best, -0.5, List.of());
  }

  static List<String> ids(Documents documents) {
    return documents.kept().stream().map(d -> d.id()).toList();
  }

  static String message(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
