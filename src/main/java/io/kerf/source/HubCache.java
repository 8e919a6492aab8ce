package io.kerf.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The hub's models on this machine, in the folders in which Python's huggingface_hub keeps them:
 * {@code models--org--name} with {@code blobs/<etag>}, {@code snapshots/<commit>/<file>} linked to
 * those, and {@code refs/<revision>} that holds a commit. Either finds what the other downloaded.
 *
 * <p>Locks lie where Python's do. Where the system keeps Python's kind of lock apart from Java's
 * (Linux does), each side only waits for its own kind; content-addressed names and moves in one
 * step keep the cache whole all the same.
 *
 * @param root the folder of all models
 * @param links how a snapshot's file is made of a blob: the first that the disk can do
 */
record HubCache(Path root, List<Link> links) {
  /** Makes a file that has the blob's content. */
  interface Link {
    void make(Path pointer, Path blob) throws IOException;
  }

  private static final Link SYMBOLIC =
      (pointer, blob) -> Files.createSymbolicLink(pointer, pointer.getParent().relativize(blob));

  /** A copy, where Windows lets only administrators link. */
  static final Link COPY =
      (pointer, blob) -> {
        Path draft = draft(pointer);
        try {
          Files.copy(blob, draft);
          Files.move(draft, pointer, StandardCopyOption.ATOMIC_MOVE);
        } finally {
          Files.deleteIfExists(draft);
        }
      };

  HubCache {
    links = List.copyOf(links);
  }

  static HubCache in(Path root) {
    return new HubCache(root, List.of(SYMBOLIC, COPY));
  }

  /**
   * What is here of a model.
   *
   * @param commit where its revision is; null where nothing of it is here
   * @param snapshot the folder of that commit; null where there is none
   * @param missing what there has to be and is not; empty where the model is whole
   */
  record Found(String commit, Path snapshot, List<String> missing) {
    boolean whole() {
      return commit != null && missing.isEmpty();
    }
  }

  /** Looks for a model; nothing is asked of the hub. */
  Found find(HubName name) {
    Optional<String> commit = commit(name);
    Path snapshot = folder(name).resolve("snapshots").resolve(commit.orElse("none"));
    return commit.isPresent() && Files.isDirectory(snapshot)
        ? new Found(commit.get(), snapshot, missing(name, snapshot))
        : new Found(null, null, List.of());
  }

  private Optional<String> commit(HubName name) {
    if (HubName.isCommit(name.revision())) {
      return Optional.of(name.revision());
    }
    try {
      return Optional.of(Files.readString(ref(name)).strip()).filter(HubName::isCommit);
    } catch (IOException e) {
      return Optional.empty(); // not here
    }
  }

  private static List<String> missing(HubName name, Path snapshot) {
    if (!name.file().isEmpty()) {
      return has(snapshot, name.file()) ? List.of() : List.of(name.file());
    }
    List<String> missing = new ArrayList<>(HubSelection.missing(file -> has(snapshot, file)));
    Optional<String> weights = HubSelection.weights(file -> has(snapshot, file));
    if (weights.filter(HubSelection::isIndex).isPresent()) {
      Path index = snapshot.resolve(weights.get());
      HubSelection.shards(read(index), index.toString()).stream()
          .filter(shard -> !has(snapshot, shard))
          .forEach(missing::add);
    }
    return missing;
  }

  private static boolean has(Path snapshot, String file) {
    return Files.isRegularFile(snapshot.resolve(file)); // behind its link
  }

  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new FetchException("cannot read " + file + ": " + e, e);
    }
  }

  private Path folder(HubName name) {
    return root.resolve(named(name));
  }

  private static String named(HubName name) {
    return "models--" + name.repository().replace("/", "--");
  }

  private Path ref(HubName name) {
    return folder(name).resolve("refs").resolve(name.revision());
  }

  /** Where a content lies once it is here and checked. */
  Path blob(HubName name, HubFile file) {
    return folder(name).resolve("blobs").resolve(file.etag());
  }

  /** Where it grows until then; what lies there is gone on with. */
  Path incomplete(HubName name, HubFile file) {
    return writable(folder(name).resolve("blobs")).resolve(file.etag() + ".incomplete");
  }

  /** What a process locks while it downloads a content. */
  Path lock(HubName name, HubFile file) {
    return writable(root.resolve(".locks").resolve(named(name))).resolve(file.etag() + ".lock");
  }

  /**
   * Makes files of the commit's snapshot, in this order, of blobs that are here.
   *
   * @return the snapshot's folder
   */
  Path link(HubName name, String commit, List<HubFile> files) {
    Path snapshot = folder(name).resolve("snapshots").resolve(commit);
    for (HubFile file : files) {
      Path pointer = snapshot.resolve(file.name());
      writable(pointer.getParent());
      try {
        link(pointer, blob(name, file));
      } catch (IOException e) {
        throw unwritable(e);
      }
    }
    return snapshot;
  }

  private void link(Path pointer, Path blob) throws IOException {
    IOException failure = null;
    for (Link kind : links) {
      if (Files.exists(pointer)) {
        return; // was here, or another process made it
      }
      try {
        Files.deleteIfExists(pointer); // a link whose blob was removed
        kind.make(pointer, blob);
        return;
      } catch (IOException | UnsupportedOperationException e) {
        failure = e instanceof IOException io ? io : new IOException(e);
      }
    }
    if (!Files.exists(pointer)) {
      throw failure;
    }
  }

  /** Notes which commit a revision is at. */
  void refer(HubName name, String commit) {
    if (name.revision().equals(commit)) {
      return;
    }
    Path ref = ref(name);
    writable(ref.getParent());
    try {
      Path draft = draft(ref);
      try {
        Files.writeString(draft, commit);
        Files.move(draft, ref, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** A neighbour, with the permissions that the user's files get: others may share the cache. */
  private static Path draft(Path file) {
    return file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
  }

  private Path writable(Path folder) {
    try {
      // Java 17 refuses to "create" a folder that is there as a link.
      return Files.isDirectory(folder) ? folder : Files.createDirectories(folder);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** The way out where the cache cannot be written. */
  FetchException unwritable(IOException e) {
    return new FetchException(
        "cannot write to the hub's cache "
            + root
            + " ("
            + e
            + "); set HF_HUB_CACHE or HF_HOME to a folder that can be written and has room",
        e);
  }
}
