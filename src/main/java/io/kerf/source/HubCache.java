package io.kerf.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The hub's models and data sets on this machine, in the folders in which Python's huggingface_hub
 * keeps them: {@code models--org--name}, {@code datasets--org--name} with {@code blobs/<etag>},
 * {@code snapshots/<commit>/<file>} linked to those, and {@code refs/<revision>} that holds a
 * commit. Either finds what the other downloaded.
 *
 * <p>Locks lie where Python's do. Where the system keeps Python's kind of lock apart from Java's
 * (Linux does), each side only waits for its own kind; content-addressed names and moves in one
 * step keep the cache whole all the same.
 *
 * @param root the folder of all repositories
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
    Optional<String> commit = commit(name.repo());
    Path snapshot = folder(name.repo()).resolve("snapshots").resolve(commit.orElse("none"));
    return commit.isPresent() && Files.isDirectory(snapshot)
        ? new Found(commit.get(), snapshot, missing(name, snapshot))
        : new Found(null, null, List.of());
  }

  /** The commit that the revision was at when it came; nothing where it did not. */
  Optional<String> commit(HubRepo repo) {
    if (HubRepo.isCommit(repo.revision())) {
      return Optional.of(repo.revision());
    }
    try {
      return Optional.of(Files.readString(ref(repo)).strip()).filter(HubRepo::isCommit);
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

  private Path folder(HubRepo repo) {
    return root.resolve(repo.folder());
  }

  private Path ref(HubRepo repo) {
    return folder(repo).resolve("refs").resolve(repo.revision());
  }

  /** A file that says which others are wanted is not here. */
  static final class Absent extends RuntimeException {
    final String file;

    Absent(String file) {
      super(file, null, false, false);
      this.file = file;
    }
  }

  /**
   * What is known here of a commit.
   *
   * @param snapshot its folder
   * @param files the paths of all files in the repository; where that is not known, of those here
   * @param complete whether it is known
   */
  record Held(Path snapshot, Set<String> files, boolean complete) {
    static final Held NOTHING = new Held(null, Set.of(), false);

    boolean has(String file) {
      return HubCache.has(snapshot, file);
    }

    /** A file's bytes. */
    byte[] read(String file) {
      if (!has(file)) {
        throw new Absent(file);
      }
      return HubCache.read(snapshot.resolve(file));
    }
  }

  /** What is here of a commit, and what there is. */
  Held held(HubRepo repo, String commit) {
    Path snapshot = folder(repo).resolve("snapshots").resolve(commit);
    Path listed = listed(repo, commit);
    try {
      if (Files.isRegularFile(listed)) {
        Set<String> files = new TreeSet<>(Files.readAllLines(listed));
        files.forEach(file -> SafeName.check("a file that " + listed + " lists", file));
        return new Held(snapshot, files, true);
      }
      if (!Files.isDirectory(snapshot)) {
        return Held.NOTHING;
      }
      try (Stream<Path> here = Files.walk(snapshot)) {
        Set<String> files =
            here.filter(Files::isRegularFile)
                .map(file -> snapshot.relativize(file).toString().replace('\\', '/'))
                .collect(Collectors.toCollection(TreeSet::new));
        return new Held(snapshot, files, false);
      }
    } catch (IOException e) {
      throw new FetchException("cannot read " + listed.getParent() + ": " + e, e);
    }
  }

  /** Where the paths of a commit's files stand, a line each; Python does not look there. */
  private Path listed(HubRepo repo, String commit) {
    return folder(repo).resolve(".kerf").resolve(commit + ".files");
  }

  /** Notes what a commit holds, so that the hub need not be asked again. */
  void list(HubRepo repo, HubListing listing) {
    Path listed = listed(repo, listing.commit());
    writable(listed.getParent());
    try {
      Path draft = draft(listed);
      try {
        Files.write(draft, new TreeSet<>(listing.files()));
        Files.move(draft, listed, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Where a content lies once it is here and checked. */
  Path blob(HubRepo repo, HubFile file) {
    return folder(repo).resolve("blobs").resolve(file.etag());
  }

  /** Where it grows until then; what lies there is gone on with. */
  Path incomplete(HubRepo repo, HubFile file) {
    return writable(folder(repo).resolve("blobs")).resolve(file.etag() + ".incomplete");
  }

  /** What a process locks while it downloads a content. */
  Path lock(HubRepo repo, HubFile file) {
    return writable(root.resolve(".locks").resolve(repo.folder())).resolve(file.etag() + ".lock");
  }

  /**
   * Makes files of the commit's snapshot, in this order, of blobs that are here.
   *
   * @return the snapshot's folder
   */
  Path link(HubRepo repo, String commit, List<HubFile> files) {
    Path snapshot = folder(repo).resolve("snapshots").resolve(commit);
    for (HubFile file : files) {
      Path pointer = snapshot.resolve(file.name());
      writable(pointer.getParent());
      try {
        link(pointer, blob(repo, file));
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
  void refer(HubRepo repo, String commit) {
    if (repo.revision().equals(commit)) {
      return;
    }
    Path ref = ref(repo);
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
