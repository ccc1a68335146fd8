// CloudFront Function (cloudfront-js-2.0), viewer request.
//
// A charge point appends its identity to the URL that it was given: wss://…/CP001. A WebSocket API
// of API Gateway knows no path behind its stage and answers 403, so the identity travels on as a
// query parameter:
//
//     /CP001, /any/prefix/CP001, /CP001/  ->  /ocpp?chargePointId=CP001
//     /                                   ->  /ocpp     (the identity is the Basic-auth user's name)
//
// Where the distribution asks for client certificates (OCPP security profile 3), CloudFront tells the subject
// of one that a trusted authority signed in a header of its own, which travels on under a name that no policy
// of CloudFront can withhold:
//
//     x-ocpp-certificate-subject: CN=CP001,O=…      (RFC 2253)
//
// Whatever query string the client sent is dropped: only the path names a charge point here.

// The only stage of the WebSocket API.
const STAGE = '/ocpp';

function handler(event) {
  const request = event.request;
  const segments = request.uri.split('/').filter((segment) => segment !== '');

  request.uri = STAGE;
  request.querystring = {};
  // The distribution adds this header on the way to the origin, with a value that only it and the
  // authorizer know. A client's own is never to get there, whatever becomes of that setting.
  delete request.headers['x-ocpp-edge-secret'];
  passCertificateOn(request.headers);

  if (segments.length > 0) {
    let chargePointId;
    try {
      chargePointId = decodeURIComponent(segments[segments.length - 1]);
    } catch (error) {
      return badRequest('The last segment of the path is no valid percent-encoding of a charge point identity.');
    }
    // Encoded anew, so that '&', '=' or '%' of an identity cannot become a part of the query.
    request.querystring.chargePointId = { value: encodeURIComponent(chargePointId) };
  }
  return request;
}

// A distribution that asks for no certificates may leave a client's own cloudfront-… headers alone: the
// authorizer believes the subject only in a stack that asks for them.
function passCertificateOn(headers) {
  delete headers['x-ocpp-certificate-subject'];
  const present = headers['cloudfront-viewer-cert-present'];
  const subject = headers['cloudfront-viewer-cert-subject'];
  // Two values of one header are never CloudFront's.
  if (present && present.value === '1' && !present.multiValue && subject && subject.value !== '' && !subject.multiValue) {
    headers['x-ocpp-certificate-subject'] = { value: subject.value };
  }
}

function badRequest(reason) {
  return {
    statusCode: 400,
    statusDescription: 'Bad Request',
    headers: { 'content-type': { value: 'text/plain; charset=utf-8' } },
    body: { encoding: 'text', data: reason },
  };
}
