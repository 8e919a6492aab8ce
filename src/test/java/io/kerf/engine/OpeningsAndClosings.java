package io.kerf.engine;

import io.kerf.engine.DecoderSession.Target;
import io.kerf.model.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Opens and closes a model many times in every weight format and prints, a line each, how many
 * bytes more are resident at the least after the last ten times than were after the third. A
 * program of its own: only with a heap of fixed size is what grows outside of it native memory.
 */
public final class OpeningsAndClosings {
  private static final int TIMES = 50;
  private static final int SETTLED = 3;
  private static final int LAST = 10;

  private OpeningsAndClosings() {}

  /** Runs it. */
  public static void main(String[] none) throws IOException {
    Model model = RandomModels.llama(6, 256, 4, 2, 768, 20000);
    for (WeightFormat format : WeightFormat.values()) {
      long settled = 0;
      long least = Long.MAX_VALUE;
      for (int i = 1; i <= TIMES; i++) {
        try (DecoderSession session = DecoderSession.open(model, format)) {
          session.score(List.of(TokenTree.chain(1, 2, 3)), List.of(new Target(0, 2, 4)));
          session.generate(new int[] {1, 2}, 2, false);
        }
        settled = i == SETTLED ? anonymousBytes() : settled;
        // Java's compiler may hold some tens of megabytes just now; what is lost stays lost.
        least = i > TIMES - LAST ? Math.min(least, anonymousBytes()) : least;
      }
      long more = least - settled;
      System.out.println(format + " " + more + " " + model.sizeBytes());
    }
  }

  /** What is resident and is not a file's pages. */
  private static long anonymousBytes() throws IOException {
    System.gc();
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("RssAnon:")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("/proc/self/status has no RssAnon");
  }
}
