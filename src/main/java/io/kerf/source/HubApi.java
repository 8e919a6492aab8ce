package io.kerf.source;

import java.io.IOException;
import java.net.URI;

/** Asks a hub what it has. */
final class HubApi {
  private final HubHttp http;
  private final HubRepo repo;

  HubApi(HubHttp http, HubRepo repo) {
    this.http = http;
    this.repo = repo;
  }

  /**
   * What the repository holds at the revision.
   *
   * @throws FetchException if there is no such repository or revision, or it may not be read
   */
  HubListing listing() throws InterruptedException {
    URI address = http.endpoint().listing(repo);
    String what = "the files of " + repo.id();
    Patience.Failures failures = http.patience().failures();
    while (true) {
      try (HubHttp.Answer answer = http.ask("GET", address, what)) {
        if (answer.status() != 200) {
          throw refusal(answer, what);
        }
        String origin = HubEndpoint.host(address) + " (" + what + ")";
        return HubListing.parse(http.document(answer, origin), origin);
      } catch (IOException e) {
        http.failed(failures, e, what);
      }
    }
  }

  /** A file's hash and length, as the hub knows them. */
  HubFile file(String commit, String file) throws InterruptedException {
    try (HubHttp.Answer answer = http.ask("HEAD", address(commit, file), file)) {
      boolean elsewhere = answer.status() >= 300 && answer.status() < 400;
      if (answer.status() != 200 && !elsewhere) {
        throw refusal(answer, file);
      }
      HubHttp.Linked linked = answer.linked();
      if (linked.commit() != null && !linked.commit().equals(commit)) {
        throw new FetchException(
            file + " of commit " + commit + " was asked for, and the hub has it of another commit");
      }
      return new HubFile(file, etag(file, linked.etag()), sizeBytes(file, linked.sizeBytes()));
    }
  }

  /** Where a file's bytes are. */
  URI address(String commit, String file) {
    return http.endpoint().file(repo, commit, file);
  }

  private String etag(String file, String header) {
    // "abc", W/"abc" and abc are the same.
    String etag = header == null ? "" : header.strip().replaceAll("^(W/)?\"|\"$", "");
    if (!HubFile.isHash(etag)) {
      throw noHub(file, "an ETag that is the hash of its content");
    }
    return etag;
  }

  private long sizeBytes(String file, String header) {
    if (header == null || !header.strip().matches("[0-9]{1,18}")) {
      throw noHub(file, "its length");
    }
    return Long.parseLong(header.strip());
  }

  private FetchException noHub(String file, String lacking) {
    return new FetchException(
        http.endpoint().base()
            + " does not say "
            + lacking
            + " for "
            + file
            + ", as a Hugging Face hub does, so it cannot be checked; check HF_ENDPOINT");
  }

  /** Why an answer is none, and the way out. */
  FetchException refusal(HubHttp.Answer answer, String what) {
    String code = answer.headers().firstValue("X-Error-Code").orElse("");
    String page = http.endpoint().page(repo);
    boolean closed = answer.status() == 401 || answer.status() == 403;
    if (closed && code.equals("GatedRepo")) {
      return new FetchException(
          repo.id()
              + " is gated: its authors give it to accounts that accept their terms. "
              + (http.token().isPresent()
                  ? "The account of " + http.token().get() + " may not read it yet: ask at " + page
                  : "Accept them at "
                      + page
                      + ", then set HF_TOKEN to a token of that account, or run 'hf auth login'"));
    }
    if (answer.status() == 404 && code.equals("RevisionNotFound")) {
      return noRevision();
    }
    if (answer.status() == 404 && code.equals("EntryNotFound")) {
      return new FetchException(repo.id() + " has no file " + what + "; see " + page);
    }
    if (closed || answer.status() == 404) {
      return unknown(answer.status());
    }
    return new FetchException(
        http.refused(answer, what) + "; check HF_ENDPOINT, or try again later");
  }

  private FetchException noRevision() {
    return new FetchException(
        repo.id()
            + " has no revision '"
            + repo.revision()
            + "'; its branches and tags are at "
            + http.endpoint().page(repo)
            + "/tree/main");
  }

  /** The hub does not tell repositories that are not there from those that may not be seen. */
  private FetchException unknown(int status) {
    String which = repo.revision().equals(HubRepo.MAIN) ? "" : " with revision " + repo.revision();
    String way =
        http.token()
            .map(token -> "if it is private, " + token + " must be of an account that may read it")
            .orElse("if it is private, set HF_TOKEN to a token that may read it");
    return new FetchException(
        http.endpoint().base()
            + " shows no "
            + repo.kind().word
            + " "
            + repo.id()
            + which
            + " (status "
            + status
            + "): check the spelling; "
            + way
            + (repo.kind() == HubRepo.Kind.MODEL
                ? "; nor is there a folder of that name here"
                : ""));
  }
}
