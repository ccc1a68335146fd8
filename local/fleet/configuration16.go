package fleet

func getConfiguration(s *Station, r struct {
	Keys []string `json:"key"`
}) (any, func()) {
	known := []object{}
	tell := func(one setting) {
		entry := object{"key": one.name, "readonly": one.readOnly}
		if !one.writeOnly {
			entry["value"] = one.value
		}
		known = append(known, entry)
	}
	var missing []string
	for _, key := range r.Keys {
		if one, ok := s.settings.find(key); ok {
			tell(one)
		} else {
			missing = append(missing, key)
		}
	}
	if len(r.Keys) == 0 {
		for _, one := range s.settings.all() {
			if !one.writeOnly {
				tell(one)
			}
		}
	}
	result := object{"configurationKey": known}
	if missing != nil {
		result["unknownKey"] = missing
	}
	return result, nil
}

func changeConfiguration(s *Station, r struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}) (any, func()) {
	result, after := s.change(r.Key, r.Value)
	switch result {
	case changedAfterReboot:
		return status("RebootRequired"), after
	case notChanged:
		return status(rejected), after
	case noSuchSetting:
		return status("NotSupported"), after
	case changedNow:
	}
	return status(accepted), after
}
