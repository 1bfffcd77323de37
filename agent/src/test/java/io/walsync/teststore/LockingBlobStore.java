package io.walsync.teststore;

import java.io.InputStream;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * Makes conditional writes atomic: the stores below look first and write then. Writes to one key
 * take turns; keys share a fixed number of locks.
 */
final class LockingBlobStore extends ForwardingBlobStore {

  private static final int LOCK_COUNT = 64;

  private final Object[] locks = new Object[LOCK_COUNT];

  LockingBlobStore(BlobStore store) {
    super(store);
    for (int i = 0; i < LOCK_COUNT; i++) {
      locks[i] = new Object();
    }
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
    synchronized (lock(request.bucket(), request.key())) {
      return super.putBlob(request, content);
    }
  }

  @Override
  public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
    synchronized (lock(request.bucket(), request.key())) {
      return super.removeBlob(request);
    }
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    synchronized (lock(request.bucket(), request.key())) {
      return super.completeMultipartUpload(upload, request);
    }
  }

  private Object lock(String bucket, String key) {
    return locks[Math.floorMod((bucket + "/" + key).hashCode(), LOCK_COUNT)];
  }
}
