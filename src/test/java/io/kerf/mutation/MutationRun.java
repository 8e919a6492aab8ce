package io.kerf.mutation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.kerf.file.BadFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Random;

/**
 * Hands a reader many damaged files, each made from a seed of its own: one is read in full or
 * refused by a {@link BadFileException}, and allocates no more than a file of its size explains.
 *
 * <p>{@code -Dkerf.mutations=N} files for each reader, {@code -Dkerf.mutations.seed=S} the first
 * seed. The reader and seed that are under way stand in {@code target/mutation-under-way.txt}, for
 * the case that native code ends the process.
 */
public final class MutationRun {
  private static final int FILES = Integer.getInteger("kerf.mutations", 250);
  private static final long FIRST_SEED = firstSeed();
  private static final boolean TOLD = Boolean.getBoolean("kerf.mutations.told");
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final long EXPLAINED_BYTES = 16 << 20; // buffers, classes, JSON
  private static final long EXPLAINED_TIMES = 100; // a byte of JSON may become an object
  private static final long MOST_BYTES = 256 << 20;
  private static final int MOST_MESSAGE = 2000;

  /** Makes a damaged file. */
  @FunctionalInterface
  public interface Mutation {
    /** The file's bytes; may write other files too. */
    byte[] of(Random random) throws IOException;
  }

  /** Opens a file and looks at all that is in it. */
  @FunctionalInterface
  public interface Reading {
    void read(Path file) throws IOException;
  }

  private MutationRun() {}

  private static long firstSeed() {
    String seed = System.getProperty("kerf.mutations.seed", "1");
    return seed.equals("random") ? System.nanoTime() & 0xffffffffffL : Long.parseLong(seed);
  }

  /**
   * Reads as many damaged files as are asked for.
   *
   * @param reader its name, for errors
   * @param file where each of them is written
   * @param reading what must not fail otherwise than by refusing
   */
  public static void of(String reader, Path file, Mutation mutation, Reading reading)
      throws IOException {
    long begin = System.nanoTime();
    long most = 0;
    int refused = 0;
    MappedByteBuffer underWay = underWay();
    for (long seed = FIRST_SEED; seed < FIRST_SEED + FILES; seed++) {
      Random random = new Random(seed * 0x9E3779B97F4A7C15L); // neighbours begin alike otherwise
      byte[] bytes = mutation.of(random);
      Files.deleteIfExists(file); // cutting a file short that is still mapped takes long
      Files.write(file, bytes);
      String now = "%-60s\n".formatted(reader + " seed " + seed);
      underWay.put(0, now.getBytes(StandardCharsets.UTF_8), 0, 60);
      long explained = Math.min(EXPLAINED_BYTES + EXPLAINED_TIMES * bytes.length, MOST_BYTES);
      long allocated = THREADS.getCurrentThreadAllocatedBytes();
      boolean read = reads(file, reading, reader, seed);
      allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
      if (allocated > explained) { // the first time loads classes and native libraries
        allocated = THREADS.getCurrentThreadAllocatedBytes();
        reads(file, reading, reader, seed);
        allocated = THREADS.getCurrentThreadAllocatedBytes() - allocated;
      }
      refused += read ? 0 : 1;
      most = Math.max(most, allocated);
      assertTrue(
          allocated <= explained,
          replay(reader, seed)
              + ": allocated "
              + allocated
              + " bytes for a file of "
              + bytes.length);
    }
    if (TOLD) {
      double seconds = (System.nanoTime() - begin) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "%-28s %6d files from seed %d: %6d read, %6d refused, at most %5.1f MiB each, %6.0f/s%n",
          reader,
          FILES,
          FIRST_SEED,
          FILES - refused,
          refused,
          most / 1048576.0,
          FILES / seconds);
    }
  }

  private static boolean reads(Path file, Reading reading, String reader, long seed)
      throws IOException {
    try {
      reading.read(file);
      return true;
    } catch (BadFileException e) {
      int length = e.getMessage().length();
      assertTrue(length < MOST_MESSAGE, replay(reader, seed) + ": a message of " + length);
      return false;
    } catch (RuntimeException | Error e) {
      keep(file, reader, seed);
      throw new AssertionError(replay(reader, seed) + ": not refused but " + e, e);
    }
  }

  private static String replay(String reader, long seed) {
    return "%s: replay with -Dkerf.mutations.seed=%d -Dkerf.mutations=1".formatted(reader, seed);
  }

  private static void keep(Path file, String reader, long seed) throws IOException {
    Path kept = target().resolve("mutation-" + reader.replace(' ', '-') + "-" + seed);
    Files.copy(file, kept, StandardCopyOption.REPLACE_EXISTING);
  }

  private static MappedByteBuffer underWay() {
    try (FileChannel channel =
        FileChannel.open(
            target().resolve("mutation-under-way.txt"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, 60);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path target() throws IOException {
    return Files.createDirectories(Path.of("target"));
  }
}
