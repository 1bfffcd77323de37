package io.walsync.teststore;

/** What one S3 request asks for, told from its method, path and query (path style). */
public enum S3Operation {
  ANY,
  PUT_OBJECT,
  GET_OBJECT,
  HEAD_OBJECT,
  DELETE_OBJECT,
  DELETE_OBJECTS,
  LIST_OBJECTS,
  LIST_UPLOADS,
  HEAD_BUCKET,
  CREATE_BUCKET,
  CREATE_MULTIPART_UPLOAD,
  UPLOAD_PART,
  COMPLETE_MULTIPART_UPLOAD,
  ABORT_MULTIPART_UPLOAD,
  OTHER;

  static S3Operation of(String method, String target) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : "&" + target.substring(mark + 1);
    boolean isObject = path.indexOf('/', 1) > 0 && path.indexOf('/', 1) < path.length() - 1;
    return isObject ? ofObject(method, query) : ofBucket(method, query);
  }

  private static S3Operation ofObject(String method, String query) {
    boolean isPart = query.contains("&uploadId=");
    switch (method) {
      case "PUT":
        return isPart ? UPLOAD_PART : PUT_OBJECT;
      case "GET":
        return isPart ? OTHER : GET_OBJECT;
      case "HEAD":
        return HEAD_OBJECT;
      case "DELETE":
        return isPart ? ABORT_MULTIPART_UPLOAD : DELETE_OBJECT;
      case "POST":
        return isPart ? COMPLETE_MULTIPART_UPLOAD : CREATE_MULTIPART_UPLOAD;
      default:
        return OTHER;
    }
  }

  private static S3Operation ofBucket(String method, String query) {
    switch (method) {
      case "PUT":
        return CREATE_BUCKET;
      case "GET":
        if (query.contains("&uploads")) {
          return LIST_UPLOADS;
        }
        return query.isEmpty() || query.contains("prefix=") || query.contains("list-type=")
            ? LIST_OBJECTS
            : OTHER;
      case "HEAD":
        return HEAD_BUCKET;
      case "POST":
        return query.startsWith("&delete") ? DELETE_OBJECTS : OTHER;
      default:
        return OTHER;
    }
  }
}
