package io.kerf.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * llama2.c's tokenizer file: the longest token's bytes, then a score and a text for each token.
 *
 * @param name of the file, for errors
 * @param tokens by id; a space is a space
 * @param scores by id: the higher, the sooner merged
 */
public record Llama2cVocabulary(String name, List<String> tokens, float[] scores) {
  private static final int LEAST_TOKEN_BYTES = 8; // score and length

  public Llama2cVocabulary {
    tokens = List.copyOf(tokens);
  }

  /**
   * Reads a file.
   *
   * @param size how many tokens it holds, which the weights say; the file does not
   */
  public static Llama2cVocabulary open(Path file, int size) {
    FileRegion region = FileRegion.of(file);
    HeaderCursor cursor = new HeaderCursor(region);
    int longest = cursor.int32("max_token_length");
    int count = cursor.count("number of tokens", size, LEAST_TOKEN_BYTES);
    List<String> tokens = new ArrayList<>(count);
    float[] scores = new float[count];
    for (int id = 0; id < count; id++) {
      String what = "token " + id;
      scores[id] = cursor.float32(what + " score");
      if (!Float.isFinite(scores[id])) {
        throw region.wrong(what + " has score " + scores[id]);
      }
      int length = cursor.int32(what + " length");
      if (length < 0 || length > longest) {
        throw region.wrong(what + " has " + length + " bytes, but max_token_length is " + longest);
      }
      tokens.add(text(region, what, cursor.bytes(what, length)));
    }
    if (cursor.remaining() > 0) {
      throw new FormatException(
          "%s: %d bytes follow its %d tokens; it belongs to a model of a larger vocabulary"
              .formatted(region.name(), cursor.remaining(), count));
    }
    return new Llama2cVocabulary(region.name(), tokens, scores);
  }

  private static String text(FileRegion region, String what, byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw region.wrong(what + " is not UTF-8 text");
    }
  }
}
